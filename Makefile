# make run · make demo · make test · make build · make reference · make dashboards · make format · make image · make chart
# make lint · make release · make release-notes · make sbom · make bundle · make reproducible
# make words · make healthy · make bench · make bench-limit · make bench-fleet · make bench-causes · make footprint · make soak
# make mixed-versions · make fuzz · make audit

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

RELEASE := target/release

.PHONY: run demo test soak healthy build archive image reproducible chart release release-notes check-release sbom bundle lint bench bench-limit bench-fleet bench-causes footprint mixed-versions reference dashboards check-dashboards words fuzz audit format

# Simulates a cluster on loopback, runs eksnet in it and prints its URLs. Ctrl-C stops everything.
# SCENARIO=coredns-fargate or SCENARIO=mine.yaml replays an incident; see docs/scenarios.md.
run: build
	@java -cp 'prober/lab/target/dist/lib/*' io.eksnet.lab.world.LabMain --eksnet $(EKSNET) --work prober/lab/target/run \
	  $(if $(SCENARIO),--scenario $(SCENARIO))

# The same with a real Prometheus and Alertmanager; prints notifications. Choose a scenario at the prompt, or with SCENARIO=…
demo: build
	@.ci/parts prometheus prometheus-alertmanager
	@java -cp 'prober/lab/target/dist/lib/*' io.eksnet.lab.demo.DemoMain --eksnet $(EKSNET) --work prober/lab/target/demo \
	  $(if $(SCENARIO),--scenario $(SCENARIO))

# Everything: compiler checks, formatting, spelling, unit tests, and tests against real programs of Debian.
test: check-dashboards words lint
	@.ci/parts javac mvn prometheus promtool prometheus-blackbox-exporter prometheus-alertmanager named chromium faketime helm nft
	@mvn -B -ntp -Drevision=$(REVISION) verify

# Random faults for SECONDS; prints the seed of each round, and SEED=N starts with that round. Then an agent
# without CPU, free ports or file descriptors, and one whose log nobody reads; needs root.
soak:
	@.ci/parts javac mvn faketime nft
	@$(MVN) -Drevision=$(REVISION) test -pl prober/lab,prober/eksnet -am -Dreachability.rounds=100 -Dreachability.seed=$(or $(SEED),$(shell date +%s)) \
	  -Dtest=ReachabilityInKernelTest,SoakTest,StarvedHostTest,ExhaustedPortsTest,ExhaustedDescriptorsTest,BlockedFilesTest -Dsoak.starved=true \
	  -Dsurefire.failIfNoSpecifiedTests=false -Dsoak.seconds=$(or $(SECONDS),600) -Dsoak.seed=$(or $(SEED),$(shell date +%s))

# Healthy but unusual clusters, SECONDS each at production intervals: nothing may be found. Takes 70 minutes.
healthy:
	@.ci/parts javac mvn
	@$(MVN) -Drevision=$(REVISION) test -pl prober/lab,prober/eksnet -am -Dtest=HealthyClustersTest -Dhealthy.seconds=$(or $(SECONDS),300) \
	  -Dsurefire.failIfNoSpecifiedTests=false

# The program in prober/eksnet/target/dist
build:
	@.ci/parts javac mvn
	@$(MVN) -Drevision=$(REVISION) package -DskipTests

# Class data sharing archive from a run of a few seconds; halves the time to the first probe.
archive: build
	@rm -f $(ARCHIVE)
	@EKSNET_JAVA_OPTS=-XX:ArchiveClassesAtExit=$(ARCHIVE) timeout --preserve-status -s TERM 8 $(EKSNET) agent \
	  --config.file=prober/eksnet/src/main/rehearsal.yaml --web.listen-address=127.0.0.1:19853 --log.level=error \
	  >/dev/null 2>&1 || [ -f $(ARCHIVE) ]

# Side by side with blackbox_exporter, with ratios and goals.
bench: archive
	@.ci/parts prometheus-blackbox-exporter
	@java -cp 'prober/bench/target/dist/lib/*' io.eksnet.bench.BenchMain --eksnet $(EKSNET) $(ARGS)

# An agent with 10,000 targets, 1 % of them dead, under the memory limit of the chart, scraped in all formats; needs root.
bench-limit: archive
	@java -cp 'prober/bench/target/dist/lib/*' io.eksnet.bench.LimitMain --eksnet $(EKSNET) $(ARGS)

# Cost of a controller with 10, 100, 1,000 and 5,000 simulated agents.
bench-fleet: build
	@java -cp 'prober/bench/target/dist/lib/*' io.eksnet.bench.FleetMain --eksnet $(EKSNET) $(ARGS)

# Time to find and clear the cause of each scenario, at production intervals. Takes an hour.
bench-causes: build
	@java -cp 'prober/bench/target/dist/lib/*' io.eksnet.bench.CausesMain --eksnet $(EKSNET) $(ARGS)

# Memory and CPU of one process under different JVM flags, with blackbox_exporter. Takes 15 minutes.
footprint: archive
	@.ci/parts prometheus-blackbox-exporter curl
	@prober/bench/footprint prober/eksnet/target/dist $(ARGS)

# Agents of the commit OLD with this controller, and the reverse, in the lab: make mixed-versions OLD=v0.1.0
mixed-versions: build
	@.ci/parts javac mvn curl
	@.ci/mixed-versions $(OLD)

# The image as an OCI archive for the architecture of this machine, and a test run as its user.
# ARCH=arm64 cross-builds; NO_ARCHIVE=1 is reproducible, but starts slower.
image: build
	@.ci/parts unzip curl readelf $(if $(ARCH),qemu-aarch64-static)
	@k8s/image/build prober/eksnet/target/dist $(VERSION) $(IMAGE) $(ARCH)
	@k8s/image/check $(IMAGE)

# Builds program and image twice, from scratch, and compares the bytes. Without the class archive, which differs each time.
reproducible:
	@.ci/parts javac mvn unzip readelf
	@for run in 1 2; do \
	  $(MVN) -Drevision=$(REVISION) clean package -DskipTests && \
	  NO_ARCHIVE=1 k8s/image/build prober/eksnet/target/dist $(VERSION) target/reproducible-$$run.tar || exit 1; done
	@cmp target/reproducible-1.tar target/reproducible-2.tar

# The chart as a package, including its files from dashboards/ and k8s/. REGISTRY=ghcr.io/acme: with that image as its default.
chart:
	@.ci/parts helm node
	@for values in $(CHART)/ci/*.yaml; do $(HELM) lint --strict --quiet $(CHART) --values $$values || exit 1; done
	@[ -z "$(REGISTRY)" ] || node .ci/release.js chart $(REGISTRY) target/chart/eksnet
	@$(HELM) package $(if $(REGISTRY),target/chart/eksnet,$(CHART)) --destination target

# The files of a release in target/release, for the images and the chart of REGISTRY.
release: image
	@[ -n "$(REGISTRY)" ] || { echo 'REGISTRY is not set; for example: make release REGISTRY=ghcr.io/acme' >&2; exit 1; }
	@$(MAKE) image ARCH=arm64
	@$(MAKE) chart REGISTRY=$(REGISTRY)
	@rm -rf $(RELEASE) && mkdir -p $(RELEASE)
	@$(MAKE) sbom bundle
	@node .ci/release.js notes >$(RELEASE)/release-notes.md
	@node .ci/release.js index $(RELEASE)/eksnet-image-$(VERSION).tar target/eksnet-image.tar target/eksnet-image-arm64.tar
	@cp target/eksnet-$(VERSION).tgz $(RELEASE)
	@sed 's|: REGISTRY/|: $(REGISTRY)/|' k8s/install.yaml >$(RELEASE)/install.yaml
	@cd $(RELEASE) && sha256sum -- * >SHA256SUMS && cat SHA256SUMS

# Whether TAG=v0.1.0 is the version of the chart, and the newest section of the changelog is about it.
check-release:
	@.ci/parts node
	@node .ci/release.js check $(TAG)

# The newest section of the changelog
release-notes:
	@.ci/parts node
	@node .ci/release.js notes

# The bill of materials of the program (CycloneDX). The image contains it, too.
sbom: build
	@mkdir -p $(RELEASE)
	@cp prober/eksnet/target/dist/eksnet.cdx.json $(RELEASE)/eksnet-$(VERSION).cdx.json

# Dashboards, rules, alerts, runbooks and the Alertmanager configuration, for clusters without Helm
bundle:
	@mkdir -p $(RELEASE)
	@tar -C dashboards --sort=name --format=gnu --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX \
	  --transform 's|^|eksnet-dashboards-$(VERSION)/|' -cf - README.md alertmanager alerts grafana rules runbooks | \
	  gzip -n -9 >$(RELEASE)/eksnet-dashboards-$(VERSION).tar.gz

# The reference pages and the generated files of k8s/, from the program and the chart.
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

# The workflows and the Terraform module
lint: .ci/lint/node_modules/.package-lock.json
	@node .ci/lint/check.js

.ci/lint/node_modules/.package-lock.json: .ci/lint/package-lock.json
	@.ci/parts node npm
	@npm --prefix .ci/lint ci --silent --no-audit --no-fund

.ci/words/node_modules/.package-lock.json: .ci/words/package-lock.json
	@.ci/parts node npm
	@npm --prefix .ci/words ci --silent --no-audit --no-fund

# Fuzzes the parsers with Jazzer, SECONDS each: make fuzz SECONDS=600 PARSERS="plan dns"
fuzz:
	@.ci/parts javac mvn
	@.ci/fuzz $(or $(SECONDS),60) $(PARSERS)

# Everything that ships, with its license; SECURITY.md shows how to scan it for vulnerabilities.
audit:
	@.ci/parts javac mvn
	@$(MVN) validate org.codehaus.mojo:license-maven-plugin:2.7.1:add-third-party -pl prober/eksnet -am \
	  -Dlicense.excludedScopes=test,provided -Dlicense.excludedGroups='io\.eksnet' -Dlicense.outputDirectory=target
	@cat prober/eksnet/target/THIRD-PARTY.txt

format:
	@$(MVN) spotless:apply
