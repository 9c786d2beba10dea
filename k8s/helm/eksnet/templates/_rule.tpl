{{/* A rule with thresholds, overrides and URLs from the values. */}}
{{- define "eksnet.rule" -}}
{{- $rule := deepCopy .rule -}}
{{- $settings := .settings -}}
{{- $name := $rule.alert | default "" -}}
{{- $annotations := $rule.annotations | default dict -}}
{{- range $key, $threshold := .thresholds -}}
{{- $wanted := get $settings.thresholds $key | default $threshold.number -}}
{{- if ne (float64 $wanted) (float64 $threshold.number) -}}
{{- range $text := get $threshold.in $name | default list -}}
{{- $other := replace $threshold.number (toString $wanted) $text -}}
{{- $_ := set $rule "expr" (replace $text $other $rule.expr) -}}
{{- $_ := set $annotations "description" (replace $text $other $annotations.description) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- /* The runbook of the installed version, not the latest one. */ -}}
{{- with $annotations.runbook_url -}}
{{- $installed := replace "/blob/main/" (printf "/blob/v%s/" $.root.Chart.AppVersion) . -}}
{{- $own := printf "%s/%s" (trimSuffix "/" $settings.runbookUrl) (base .) -}}
{{- $_ := set $annotations "runbook_url" (ternary $own $installed (not (empty $settings.runbookUrl))) -}}
{{- end -}}
{{- with $annotations.dashboard_url -}}
{{- if $settings.dashboardUrl -}}
{{- $_ := set $annotations "dashboard_url" (replace "https://grafana.example.com" (trimSuffix "/" $settings.dashboardUrl) .) -}}
{{- else -}}
{{- $_ := unset $annotations "dashboard_url" -}}
{{- end -}}
{{- end -}}
{{- if $name -}}
{{- $web := .root.Values.web -}}
{{- if $web.externalUrl -}}
{{- $_ := set $annotations "incident_url" (printf "%s/incidents" (trimSuffix "/" $web.externalUrl)) -}}
{{- else -}}
{{- $port := include "eksnet.port" .root -}}
{{- $_ := set $annotations "incident_command" (printf "kubectl -n %s port-forward service/eksnet-controller %s    # then %s://localhost:%s/incidents" .root.Release.Namespace $port (ternary "https" "http" (not (empty $web.tls))) $port) -}}
{{- end -}}
{{- end -}}
{{- with get $settings.overrides $name -}}
{{- if hasKey . "for" }}{{ $_ := set $rule "for" .for }}{{ end -}}
{{- if hasKey . "expr" }}{{ $_ := set $rule "expr" .expr }}{{ end -}}
{{- if hasKey . "severity" }}{{ $_ := set $rule "labels" (set ($rule.labels | default dict) "severity" .severity) }}{{ end -}}
{{- if hasKey . "labels" }}{{ $_ := set $rule "labels" (mergeOverwrite ($rule.labels | default dict) .labels) }}{{ end -}}
{{- if hasKey . "annotations" }}{{ $_ := mergeOverwrite $annotations .annotations }}{{ end -}}
{{- end -}}
{{ toJson $rule }}
{{- end }}
