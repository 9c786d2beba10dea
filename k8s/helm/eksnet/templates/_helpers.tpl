{{/* The release name, with "eksnet" added if it does not contain it: the prefix of the objects of the namespace. */}}
{{- define "eksnet.name" -}}
{{- $release := contains "eksnet" .Release.Name | ternary .Release.Name (printf "%s-eksnet" .Release.Name) -}}
{{ .Values.fullnameOverride | default $release | trunc 40 | trimSuffix "-" }}
{{- end }}

{{/* The prefix of objects outside the namespace of the release. */}}
{{- define "eksnet.clusterName" -}}
{{ include "eksnet.name" . }}-{{ .Release.Namespace }}
{{- end }}

{{- define "eksnet.port" -}}9853{{- end }}

{{/* Selectors are immutable: never add labels here. */}}
{{- define "eksnet.selector" -}}
app.kubernetes.io/name: eksnet
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- with .vantage }}
eksnet.io/vantage: {{ . }}
{{- end }}
{{- end }}

{{/* Merges user labels without duplicate keys; selector labels win. */}}
{{- define "eksnet.labels" -}}
{{- $chart := printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" -}}
{{- $own := dict "helm.sh/chart" $chart "app.kubernetes.io/part-of" "eksnet" "app.kubernetes.io/version" .root.Chart.AppVersion "app.kubernetes.io/managed-by" .root.Release.Service -}}
{{- $common := .root.Values.commonLabels | default dict -}}
{{- mergeOverwrite $own $common (.more | default dict) (include "eksnet.selector" . | fromYaml) | toYaml -}}
{{- end }}

{{/* Without a registry, the container runtime would pull from docker.io/library, which is not ours. */}}
{{- define "eksnet.image" -}}
{{- $image := .Values.image -}}
{{- $registry := .Values.global.imageRegistry | default $image.registry -}}
{{- if not (or $registry (contains "/" $image.repository)) -}}
{{- fail "image.registry is empty, and no image of eksnet is published yet: build one with `make image`, push it to a registry that the nodes can pull from, and add --set image.registry=REGISTRY (docs/install.md)" -}}
{{- end -}}
{{- with $registry }}{{ . }}/{{ end }}{{ $image.repository }}
{{- if $image.digest }}@{{ $image.digest }}{{ else }}:{{ $image.tag | default .Chart.AppVersion }}{{ end }}
{{- end }}

{{- define "eksnet.tokenSecret" -}}
{{ .Values.token.existingSecret | default (printf "%s-token" (include "eksnet.name" .)) }}
{{- end }}

{{- define "eksnet.serviceAccount" -}}
{{ .Values.serviceAccount.name | default (printf "%s-controller" (include "eksnet.name" .)) }}
{{- end }}

{{/* A PriorityClass is immutable, so its name contains its value and policy. */}}
{{- define "eksnet.priorityClass" -}}
{{ include "eksnet.clusterName" . }}-{{ int64 .Values.priorityClass.value }}-{{ lower .Values.priorityClass.preemptionPolicy }}
{{- end }}

{{/* Resolves true, false or auto; auto is true if the cluster has the kind. */}}
{{- define "eksnet.enabled" -}}
{{- if eq (toString .switch) "auto" -}}
{{- if .root.Capabilities.APIVersions.Has "monitoring.coreos.com/v1" }}true{{ end -}}
{{- else if .switch }}true{{ end -}}
{{- end }}

{{/* Settings that need a restart. */}}
{{- define "eksnet.fixedConfig" -}}
{{- pick .Values.config "cluster" "region" "labels" "limits" "probe_resources" "web" "polls" "controller" | toJson }}
{{- end }}

{{- define "eksnet.checkLabels" -}}
{{- $selecting := list "app.kubernetes.io/name" "app.kubernetes.io/instance" "app.kubernetes.io/component" "eksnet.io/vantage" -}}
{{- range $key := list "commonLabels" "agent.podLabels" "fargate.podLabels" "controller.podLabels" "podMonitor.labels" "prometheusRule.labels" "dashboards.labels" -}}
{{- $labels := $.Values -}}
{{- range splitList "." $key -}}{{- $labels = get $labels . -}}{{- end -}}
{{- range $label := keys ($labels | default dict) | sortAlpha -}}
{{- if has $label $selecting -}}
{{- fail (printf "%s: %s cannot be set: selectors of the chart contain it; remove it, or use a label of your own" $key $label) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "eksnet.checkAlerts" -}}
{{- $known := list -}}
{{- range $path, $bytes := .Files.Glob "files/dashboards/alerts/*.yaml" -}}
{{- range ($bytes | toString | fromYaml).groups -}}
{{- range .rules -}}
{{- $known = append $known .alert -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $rules := .Values.prometheusRule -}}
{{- range $key, $names := dict "disabled" $rules.disabled "overrides" (keys $rules.overrides | sortAlpha) -}}
{{- range $names -}}
{{- if not (has . $known) -}}
{{- fail (printf "prometheusRule.%s: unknown alert %s; the alerts are %s" $key . ($known | compact | uniq | sortAlpha | join ", ")) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/* Chart 0.1.0 did not use the release name. Other names would mean another token and another service account. */}}
{{- define "eksnet.checkUpgrade" -}}
{{- if and .Release.IsUpgrade (ne (include "eksnet.name" .) "eksnet") -}}
{{- $before := lookup "apps/v1" "Deployment" .Release.Namespace "eksnet-controller" | default dict -}}
{{- if eq (dig "metadata" "labels" "app.kubernetes.io/instance" "" $before) .Release.Name -}}
{{- fail (printf "release %s was installed by a chart that named its objects eksnet-…; add --set fullnameOverride=eksnet to keep the names, the token and the service account (docs/upgrade.md)" .Release.Name) -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "eksnet.check" -}}
{{- include "eksnet.checkLabels" . -}}
{{- include "eksnet.checkAlerts" . -}}
{{- include "eksnet.checkUpgrade" . -}}
{{- if or (not (.Files.Get "files/rbac.yaml")) (not (.Files.Get "files/rbac-probes.yaml")) (not (.Files.Glob "files/dashboards/grafana/*.json")) -}}
{{- fail "files/ of the chart is incomplete: symbolic links are missing, because some tools do not copy them; use the package that make chart builds" -}}
{{- end -}}
{{- $controller := .Values.config.controller | default dict -}}
{{- if ne ($controller.lease | default "eksnet-controller") "eksnet-controller" -}}
{{- fail "config.controller.lease: the controller has permissions for the Lease eksnet-controller only" -}}
{{- end -}}
{{- if ne (int ($controller.agent_port | default (include "eksnet.port" .))) (int (include "eksnet.port" .)) -}}
{{- fail (printf "config.controller.agent_port: agents listen on port %s" (include "eksnet.port" .)) -}}
{{- end -}}
{{- if and .Values.token.existingSecret .Values.token.value -}}
{{- fail "token: set existingSecret or value, not both" -}}
{{- end -}}
{{- end }}
