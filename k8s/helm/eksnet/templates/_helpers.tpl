{{/* Names do not contain the release name: there is one eksnet per namespace. */}}
{{- define "eksnet.name" -}}
{{ .Values.fullnameOverride | default "eksnet" | trunc 40 | trimSuffix "-" }}
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
{{- $own := dict "app.kubernetes.io/part-of" "eksnet" "app.kubernetes.io/version" .root.Chart.AppVersion "app.kubernetes.io/managed-by" .root.Release.Service -}}
{{- $common := .root.Values.commonLabels | default dict -}}
{{- mergeOverwrite $own $common (.more | default dict) (include "eksnet.selector" . | fromYaml) | toYaml -}}
{{- end }}

{{- define "eksnet.image" -}}
{{- $image := .Values.image -}}
{{- $registry := .Values.global.imageRegistry | default $image.registry -}}
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
{{ include "eksnet.name" . }}-{{ int64 .Values.priorityClass.value }}-{{ lower .Values.priorityClass.preemptionPolicy }}
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

{{- define "eksnet.check" -}}
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
