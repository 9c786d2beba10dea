// What all dashboards have in common: variables, annotations, links and layout.

import * as sdk from '@grafana/grafana-foundation-sdk/dashboard';
import { DATASOURCE, type PanelBuilder } from './panels.js';
import { ACTIVE_FINDINGS, CLUSTERS } from './promql.js';

/** The schema of Grafana 12. Older versions read it, newer ones migrate it. */
const SCHEMA_VERSION = 41;

const TAG = 'eksnet';

export interface Row {
  /** Without a title, the panels stand at the top without a heading. */
  title?: string;
  /** Rows with a title are collapsed otherwise. */
  open?: boolean;
  /** From left to right, then on the next line. */
  panels: PanelBuilder[];
}

export interface DashboardOptions {
  uid: string;
  title: string;
  description: string;
  /** Start of the default time range. */
  from?: string;
  /** Variables besides cluster, zone and node. */
  variables?: sdk.QueryVariableBuilder[];
  rows: Row[];
}

export function buildDashboard(options: DashboardOptions): sdk.Dashboard {
  const builder = new sdk.DashboardBuilder(`eksnet / ${options.title}`)
    .uid(options.uid)
    .description(options.description)
    .tags([TAG, 'kubernetes', 'network'])
    .version(1)
    .readonly()
    .tooltip(sdk.DashboardCursorSync.Crosshair)
    .refresh('1m')
    .timezone('utc')
    .time({ from: options.from ?? 'now-6h', to: 'now' })
    .link(
      new sdk.DashboardLinkBuilder(TAG)
        .type(sdk.DashboardLinkType.Dashboards)
        .tags([TAG])
        .includeVars(true)
        .keepTime(true)
        .url('')
        .icon('external link'),
    )
    .variables([datasourceVariable(), ...clusterVariables(), ...(options.variables ?? [])])
    .annotation(grafanaAnnotations())
    .annotation(findingAnnotations());

  let id = 0;
  for (const row of options.rows) {
    if (row.title && !row.open) {
      const collapsed = new sdk.RowBuilder(row.title).id(++id).collapsed(true);
      row.panels.forEach((panel) => collapsed.withPanel(panel.id(++id)));
      builder.withRow(collapsed);
      continue;
    }
    if (row.title) {
      builder.withRow(new sdk.RowBuilder(row.title).id(++id));
    }
    row.panels.forEach((panel) => builder.withPanel(panel.id(++id)));
  }
  return { ...builder.build(), schemaVersion: SCHEMA_VERSION };
}

/** A variable for several values of a label, all by default. */
export function labelVariable(options: {
  name?: string;
  label: string;
  title: string;
  description: string;
  series: string;
}): sdk.QueryVariableBuilder {
  return (
    variable(options.name ?? options.label, options)
      .multi(true)
      .includeAll(true)
      // Not ".+": a scrape that sets no node or zone is included, too.
      .allValue('.*')
      .current({ selected: true, text: ['All'], value: ['$__all'] })
  );
}

function datasourceVariable(): sdk.DatasourceVariableBuilder {
  return new sdk.DatasourceVariableBuilder('datasource')
    .label('Data source')
    .description('The Prometheus server that scrapes eksnet.')
    .type('prometheus');
}

function clusterVariables(): sdk.QueryVariableBuilder[] {
  return [
    variable('cluster', {
      label: 'cluster',
      title: 'Cluster',
      description: 'The cluster name from the eksnet configuration.',
      series: 'eksnet_build_info',
    })
      .definition(`query_result(${CLUSTERS})`)
      .query({ query: `query_result(${CLUSTERS})`, refId: 'Variable-cluster' })
      .regex('/cluster="([^"]*)"/'),
    labelVariable({
      name: 'zone',
      label: 'az',
      title: 'Zone',
      description: 'Availability Zones of the agents whose results are shown.',
      series: 'eksnet_build_info{cluster="$cluster"}',
    }),
    labelVariable({
      label: 'node',
      title: 'Node',
      description: 'Nodes of the agents whose results are shown.',
      series: 'eksnet_build_info{cluster="$cluster",az=~"$zone"}',
    }),
  ];
}

function variable(
  name: string,
  options: { label: string; title: string; description: string; series: string },
): sdk.QueryVariableBuilder {
  const query = `label_values(${options.series}, ${options.label})`;
  return new sdk.QueryVariableBuilder(name)
    .label(options.title)
    .description(options.description)
    .datasource(DATASOURCE)
    .definition(query)
    .query({ query, refId: `Variable-${name}` })
    .refresh(sdk.VariableRefresh.OnTimeRangeChanged)
    .sort(sdk.VariableSort.AlphabeticalAsc);
}

/** Grafana's own annotations, which every dashboard has. */
function grafanaAnnotations(): sdk.AnnotationQueryBuilder {
  return new sdk.AnnotationQueryBuilder()
    .name('Annotations & Alerts')
    .builtIn(1)
    .type('dashboard')
    .datasource({ type: 'grafana', uid: '-- Grafana --' })
    .enable(true)
    .hide(true)
    .iconColor('rgba(0, 211, 255, 1)');
}

function findingAnnotations(): sdk.AnnotationQueryBuilder {
  return new sdk.AnnotationQueryBuilder()
    .name('Findings')
    .datasource(DATASOURCE)
    .enable(true)
    .hide(false)
    .iconColor('red')
    .expr(ACTIVE_FINDINGS)
    .step('60s')
    .titleFormat('{{cause}}')
    .textFormat('{{scope}} (confidence: {{confidence}})')
    .tagKeys('layer')
    .useValueForTime(false);
}
