# make run · make demo · make test · make build · make reference · make dashboards · make format · make image · make chart
# make words · make bench · make bench-fleet · make bench-causes · make footprint · make soak · make fuzz · make audit

MVN := mvn -B -ntp $(if $(CI),,-q)
REVISION := $(shell git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)
VERSION := $(shell sed -n "s/^appVersion: \"\(.*\)\"/\1/p" k8s/helm/eksnet/Chart.yaml)
EKSNET := prober/eksnet/target/dist/bin/eksnet
ARCHIVE := $(CURDIR)/prober/eksnet/target/dist/lib/eksnet.jsa

HELM := target/tools/helm
CHART := k8s/helm/eksnet
NODE_MODULES := dashboards/src/node_modules/.package-lock.json
BUILD_DASHBOARDS := npm --prefix dashboards/src run --silent build --
IMAGE := target/eksnet-image$(if $(ARCH),-$(ARCH)).tar

.PHONY: run demo test soak build archive image chart bench bench-fleet bench-causes footprint reference dashboards check-dashboards words fuzz audit format

# A cluster on loopback with eksnet beside it; it prints where to look. Ctrl-C ends all.
# SCENARIO=coredns-fargate or SCENARIO=mine.yaml replays an incident; see docs/scenarios.md.
run: build
	@java -cp 'prober/lab/target/dist/lib/*' io.eksnet.lab.world.Main --eksnet $(EKSNET) --work prober/lab/target/run \
	  $(if $(SCENARIO),--scenario $(SCENARIO))

# The same with a real Prometheus and Alertmanager: what pages is printed. Choose a scenario there, or by SCENARIO=…
demo: build
	@.ci/parts prometheus prometheus-alertmanager
	@java -cp 'prober/lab/target/dist/lib/*' io.eksnet.lab.demo.Main --eksnet $(EKSNET) --work prober/lab/target/demo \
	  $(if $(SCENARIO),--scenario $(SCENARIO))

# Everything: compiler checks, formatting, unit tests, and tests against real Debian programs.
test: check-dashboards words
	@.ci/parts javac mvn prometheus promtool prometheus-blackbox-exporter prometheus-alertmanager named chromium faketime helm
	@mvn -B -ntp -Drevision=$(REVISION) verify

# Faults at random, for SECONDS; it prints the seed of each round, and SEED=N begins with that one again.
soak:
	@.ci/parts javac mvn faketime
	@$(MVN) -Drevision=$(REVISION) test -pl prober/lab,prober/eksnet -am -Dtest=SoakTest \
	  -Dsurefire.failIfNoSpecifiedTests=false -Dsoak.seconds=$(or $(SECONDS),600) -Dsoak.seed=$(or $(SEED),$(shell date +%s))

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

# What a controller costs with 10, 100, 1,000 and 5,000 simulated agents.
bench-fleet: build
	@java -cp 'prober/bench/target/dist/lib/*' io.eksnet.bench.FleetMain --eksnet $(EKSNET) $(ARGS)

# How long each scenario takes to be named, and forgotten, with the intervals of a cluster. An hour.
bench-causes: build
	@java -cp 'prober/bench/target/dist/lib/*' io.eksnet.bench.CausesMain --eksnet $(EKSNET) $(ARGS)

# What one process takes with other flags of the JVM, beside blackbox_exporter. A quarter of an hour.
footprint: archive
	@.ci/parts prometheus-blackbox-exporter curl
	@prober/bench/footprint prober/eksnet/target/dist $(ARGS)

# The image as an OCI archive for the processor of this machine, and a run of it as its user.
# ARCH=arm64 makes that of another one; NO_ARCHIVE=1 the same bytes each time, which starts slower.
image: build
	@.ci/parts unzip curl readelf $(if $(ARCH),qemu-aarch64-static)
	@k8s/image/build prober/eksnet/target/dist $(VERSION) $(IMAGE) $(ARCH)
	@k8s/image/check $(IMAGE)

# The chart as a package, with what it takes from dashboards/ and k8s/ packed in.
chart:
	@.ci/parts helm
	@for values in $(CHART)/ci/*.yaml; do $(HELM) lint --strict --quiet $(CHART) --values $$values || exit 1; done
	@$(HELM) package $(CHART) --destination target

# The reference pages and what is written in k8s, from the objects the program runs on and from the chart.
reference: build
	@.ci/parts helm
	@java -cp 'prober/reference/target/dist/lib/*' io.eksnet.reference.ReferenceMain docs/reference k8s dashboards >/dev/null
	@sed '/^[^#]/,$$d' k8s/install-values.yaml >target/install.yaml
	@$(HELM) template eksnet $(CHART) --namespace eksnet --values k8s/install-values.yaml --skip-tests >>target/install.yaml
	@cp target/install.yaml k8s/install.yaml

# dashboards/grafana, built from dashboards/src with the Grafana Foundation SDK
dashboards: $(NODE_MODULES)
	@$(BUILD_DASHBOARDS) $(CURDIR)/dashboards/grafana

check-dashboards: $(NODE_MODULES)
	@rm -rf target/dashboards
	@$(BUILD_DASHBOARDS) $(CURDIR)/target/dashboards
	@diff -rq dashboards/grafana target/dashboards || { echo 'dashboards/grafana is stale; run: make dashboards' >&2; exit 1; }

$(NODE_MODULES): dashboards/src/package-lock.json
	@.ci/parts node npm
	@npm --prefix dashboards/src ci --silent --no-audit --no-fund

# Spelling and terms of everything that people read; see "Words" in CONTRIBUTING.md.
words: .ci/words/node_modules/.package-lock.json
	@node .ci/words/check.js

.ci/words/node_modules/.package-lock.json: .ci/words/package-lock.json
	@.ci/parts node npm
	@npm --prefix .ci/words ci --silent --no-audit --no-fund

# Jazzer looks for inputs that break a parser, SECONDS for each: make fuzz SECONDS=600 PARSERS="plan dns"
fuzz:
	@.ci/parts javac mvn
	@.ci/fuzz $(or $(SECONDS),60) $(PARSERS)

# What ships, with its licence; SECURITY.md has how to ask a database of vulnerabilities.
audit:
	@.ci/parts javac mvn
	@$(MVN) validate org.codehaus.mojo:license-maven-plugin:2.7.1:add-third-party -pl prober/eksnet -am \
	  -Dlicense.excludedScopes=test,provided -Dlicense.excludedGroups='io\.eksnet' -Dlicense.outputDirectory=target
	@cat prober/eksnet/target/THIRD-PARTY.txt

format:
	@$(MVN) spotless:apply
