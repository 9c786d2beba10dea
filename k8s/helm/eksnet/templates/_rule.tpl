{{/* A rule as the values want it. */}}
{{- define "eksnet.rule" -}}
{{- $rule := deepCopy .rule -}}
{{- $settings := .settings -}}
{{- range $name, $threshold := .thresholds -}}
{{- if eq $threshold.alert ($rule.alert | default "") -}}
{{- $wanted := get $settings.thresholds $name -}}
{{- if ne (float64 $wanted) (float64 $threshold.number) -}}
{{- if not (contains $threshold.text $rule.expr) -}}
{{- fail (printf "prometheusRule.thresholds.%s: %s has no %q" $name $threshold.alert $threshold.text) -}}
{{- end -}}
{{- $text := replace $threshold.number (toString $wanted) $threshold.text -}}
{{- $_ := set $rule "expr" (replace $threshold.text $text $rule.expr) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- with get $settings.overrides ($rule.alert | default "") -}}
{{- if hasKey . "for" }}{{ $_ := set $rule "for" .for }}{{ end -}}
{{- if hasKey . "expr" }}{{ $_ := set $rule "expr" .expr }}{{ end -}}
{{- if hasKey . "severity" }}{{ $_ := set $rule "labels" (set ($rule.labels | default dict) "severity" .severity) }}{{ end -}}
{{- if hasKey . "labels" }}{{ $_ := set $rule "labels" (mergeOverwrite ($rule.labels | default dict) .labels) }}{{ end -}}
{{- end -}}
{{ toJson $rule }}
{{- end }}
