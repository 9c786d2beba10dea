{{/* A pod of eksnet: root, component (also the command), part (its values), vantage, additional spec. */}}
{{- define "eksnet.pod" -}}
{{- $root := .root -}}
{{- $values := .root.Values -}}
{{- $part := .part -}}
metadata:
  labels:
    {{- include "eksnet.labels" (merge (dict "more" $part.podLabels) .) | nindent 4 }}
  {{- $annotations := dict "checksum/fixed-config" (include "eksnet.fixedConfig" $root | sha256sum) }}
  {{- if $values.scrapeAnnotations }}
  {{- $scheme := ternary "https" "http" (not (not $values.web.tls)) }}
  {{- $annotations = merge $annotations (dict "prometheus.io/scrape" "true" "prometheus.io/port" (include "eksnet.port" $root) "prometheus.io/path" "/metrics" "prometheus.io/scheme" $scheme) }}
  {{- end }}
  annotations:
    {{- mergeOverwrite $annotations ($part.podAnnotations | default dict) | toYaml | nindent 4 }}
spec:
  {{- toYaml .spec | nindent 2 }}
  {{- with $values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if $part.priorityClassName }}
  priorityClassName: {{ $part.priorityClassName }}
  {{- else if and $values.priorityClass.create (ne (.vantage | default "") "fargate") }}
  priorityClassName: {{ include "eksnet.priorityClass" $root }}
  {{- end }}
  {{- with $part.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  nodeSelector:
    {{- mergeOverwrite (dict "kubernetes.io/os" "linux") ($part.nodeSelector | default dict) | toYaml | nindent 4 }}
  terminationGracePeriodSeconds: {{ $part.terminationGracePeriodSeconds }}
  securityContext:
    {{- include "eksnet.podSecurity" $values | nindent 4 }}
  containers:
    - name: eksnet
      image: {{ include "eksnet.image" $root }}
      imagePullPolicy: {{ $values.image.pullPolicy }}
      args:
        - {{ .component }}
        - --config.file=/etc/eksnet/eksnet.yaml
        - --web.listen-address=:{{ include "eksnet.port" $root }}
        - --log.level={{ $values.log.level }}
        - --log.format={{ $values.log.format }}
        {{- if $values.web.configSecret }}
        - --web.config.file=/etc/eksnet-web/web.yaml
        {{- end }}
        {{- with $values.web.externalUrl }}
        - --web.external-url={{ . }}
        {{- end }}
        {{- if $values.web.enableLifecycle }}
        - --web.enable-lifecycle
        {{- end }}
        {{- with $part.extraArgs }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      env:
        - name: NODE_NAME
          valueFrom: {fieldRef: {fieldPath: spec.nodeName}}
        - name: HOST_IP
          valueFrom: {fieldRef: {fieldPath: status.hostIP}}
        - name: POD_NAME
          valueFrom: {fieldRef: {fieldPath: metadata.name}}
        - name: POD_IP
          valueFrom: {fieldRef: {fieldPath: status.podIP}}
        - name: POD_NAMESPACE
          valueFrom: {fieldRef: {fieldPath: metadata.namespace}}
        {{- with $values.config.region }}
        - name: AWS_REGION
          value: {{ . | quote }}
        {{- end }}
        {{- with $part.javaOptions }}
        - name: JDK_JAVA_OPTIONS
          value: {{ . | quote }}
        {{- end }}
        {{- with $part.extraEnv }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      ports:
        - name: metrics
          containerPort: {{ include "eksnet.port" $root }}
          protocol: TCP
      startupProbe:
        {{- include "eksnet.ask" (dict "values" $values "path" "/-/healthy") | nindent 8 }}
        periodSeconds: 2
        timeoutSeconds: 2
        failureThreshold: 60
      livenessProbe:
        {{- include "eksnet.ask" (dict "values" $values "path" "/-/healthy") | nindent 8 }}
        periodSeconds: 15
        timeoutSeconds: 5
        failureThreshold: 4
      readinessProbe:
        {{- include "eksnet.ask" (dict "values" $values "path" "/-/ready") | nindent 8 }}
        periodSeconds: 10
        timeoutSeconds: 5
      {{- with $part.resources }}
      resources:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      securityContext:
        {{- include "eksnet.security" $values | nindent 8 }}
      volumeMounts:
        - name: eksnet
          mountPath: /etc/eksnet
          readOnly: true
        {{- if $values.web.configSecret }}
        - name: web
          mountPath: /etc/eksnet-web
          readOnly: true
        {{- end }}
        {{- with $part.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  volumes:
    - name: eksnet
      projected:
        defaultMode: 0440
        sources:
          - configMap:
              name: {{ include "eksnet.name" $root }}
          - secret:
              name: {{ include "eksnet.tokenSecret" $root }}
              items:
                - {key: token, path: token}
    {{- with $values.web.configSecret }}
    - name: web
      secret:
        secretName: {{ . }}
        defaultMode: 0440
    {{- end }}
    {{- with $part.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}

{{/* The handler of kubelet probes. */}}
{{- define "eksnet.ask" -}}
{{- if eq .values.web.probes "tcp" -}}
tcpSocket:
  port: metrics
{{- else -}}
httpGet:
  path: {{ .path }}
  port: metrics
  {{- if .values.web.tls }}
  scheme: HTTPS
  {{- end }}
{{- end }}
{{- end }}

{{/* The pod security standard restricted, with overrides from the values. */}}
{{- define "eksnet.podSecurity" -}}
{{- $restricted := dict "runAsNonRoot" true "runAsUser" 65532 "runAsGroup" 65532 "fsGroup" 65532 -}}
{{- $_ := set $restricted "seccompProfile" (dict "type" "RuntimeDefault") -}}
{{- mergeOverwrite $restricted (.podSecurityContext | default dict | deepCopy) | toYaml -}}
{{- end }}

{{- define "eksnet.security" -}}
{{- $restricted := dict "runAsNonRoot" true "allowPrivilegeEscalation" false "readOnlyRootFilesystem" true -}}
{{- $_ := set $restricted "capabilities" (dict "drop" (list "ALL")) -}}
{{- mergeOverwrite $restricted (.securityContext | default dict | deepCopy) | toYaml -}}
{{- end }}

{{/* The affinity of a component, with required node expressions added to every term. */}}
{{- define "eksnet.affinity" -}}
{{- $affinity := .part.affinity | default dict | deepCopy -}}
{{- $nodes := .nodes -}}
{{- if $nodes -}}
{{- $node := get $affinity "nodeAffinity" | default dict -}}
{{- $required := get $node "requiredDuringSchedulingIgnoredDuringExecution" | default dict -}}
{{- $terms := list -}}
{{- range get $required "nodeSelectorTerms" | default (list dict) -}}
{{- $terms = append $terms (set . "matchExpressions" (concat $nodes (.matchExpressions | default list))) -}}
{{- end -}}
{{- $_ := set $required "nodeSelectorTerms" $terms -}}
{{- $_ := set $node "requiredDuringSchedulingIgnoredDuringExecution" $required -}}
{{- $_ := set $affinity "nodeAffinity" $node -}}
{{- end -}}
{{ toJson $affinity }}
{{- end }}

{{/* Topology spread of a component: over zones, or from the values. */}}
{{- define "eksnet.spread" -}}
{{- $selector := .selector -}}
{{- $zones := dict "maxSkew" 1 "topologyKey" "topology.kubernetes.io/zone" "whenUnsatisfiable" "ScheduleAnyway" -}}
{{- $spread := list -}}
{{- range .part.topologySpreadConstraints | default (list $zones) -}}
{{- $spread = append $spread (hasKey . "labelSelector" | ternary . (set (deepCopy .) "labelSelector" $selector)) -}}
{{- end -}}
{{ toJson $spread }}
{{- end }}

{{/* Restricts pods to the CPU architectures of the image. */}}
{{- define "eksnet.architectures" -}}
{{- with .Values.architectures }}
- key: kubernetes.io/arch
  operator: In
  values:
    {{- toYaml . | nindent 4 }}
{{- end }}
{{- end }}
