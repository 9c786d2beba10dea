# make run · make test · make build · make bench · make reference

MVN := mvn -B -ntp $(if $(CI),,-q)
REVISION := $(shell git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)
EKSNET := prober/eksnet/target/dist/bin/eksnet
ARCHIVE := $(CURDIR)/prober/eksnet/target/dist/lib/eksnet.jsa

.PHONY: run test build archive bench reference format

# A cluster on loopback with eksnet beside it; it prints where to look. Ctrl-C ends all.
# SCENARIO=coredns-fargate replays an incident; io.eksnet.lab.world.Scenarios has their names.
run: build
	@java -cp 'prober/lab/target/dist/lib/*' io.eksnet.lab.world.Main --eksnet $(EKSNET) --work prober/lab/target/run \
	  $(if $(SCENARIO),--scenario $(SCENARIO))

# Everything: compiler checks, formatting, unit tests, and tests against real Debian programs.
test:
	@.ci/parts javac mvn prometheus promtool prometheus-blackbox-exporter prometheus-alertmanager named chromium
	@mvn -B -ntp -Drevision=$(REVISION) verify

# The program as a tree: prober/eksnet/target/dist
build:
	@.ci/parts javac mvn
	@$(MVN) -Drevision=$(REVISION) package -DskipTests

# The classes of a start, archived by a run of a few seconds: halves the time to the first probe.
archive: build
	@rm -f $(ARCHIVE)
	@EKSNET_JAVA_OPTS=-XX:ArchiveClassesAtExit=$(ARCHIVE) timeout --preserve-status -s TERM 8 $(EKSNET) agent \
	  --config.file=prober/eksnet/src/main/rehearsal.yaml --web.listen-address=127.0.0.1:19853 --log.level=error \
	  >/dev/null 2>&1 || [ -f $(ARCHIVE) ]

# Side by side with blackbox_exporter: ratios beside the goals.
bench: archive
	@.ci/parts prometheus-blackbox-exporter
	@java -cp 'prober/bench/target/dist/lib/*' io.eksnet.bench.Main --eksnet $(EKSNET) $(ARGS)

# The reference pages, the rights in k8s and the dashboards, written from the objects the program runs on.
reference: build
	@java -cp 'prober/eksnet/target/dist/lib/*' io.eksnet.docs.Main prober/docs/reference k8s dashboards/grafana

format:
	@$(MVN) spotless:apply
