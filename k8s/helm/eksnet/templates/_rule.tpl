{{/* A rule as the values want it. */}}
{{- define "eksnet.rule" -}}
{{- $rule := deepCopy .rule -}}
{{- with get .settings.overrides ($rule.alert | default "") -}}
{{- if hasKey . "for" }}{{ $_ := set $rule "for" .for }}{{ end -}}
{{- if hasKey . "expr" }}{{ $_ := set $rule "expr" .expr }}{{ end -}}
{{- if hasKey . "severity" }}{{ $_ := set $rule "labels" (set (deepCopy ($rule.labels | default dict)) "severity" .severity) }}{{ end -}}
{{- if hasKey . "labels" }}{{ $_ := set $rule "labels" (mergeOverwrite (deepCopy ($rule.labels | default dict)) .labels) }}{{ end -}}
{{- end -}}
{{ toJson $rule }}
{{- end }}
