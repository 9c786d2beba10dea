// Panels, tables, thresholds, mappings and links as the dashboards use them.

import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as heatmaps from '@grafana/grafana-foundation-sdk/heatmap';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as stats from '@grafana/grafana-foundation-sdk/stat';
import * as timelines from '@grafana/grafana-foundation-sdk/statetimeline';
import * as tables from '@grafana/grafana-foundation-sdk/table';
import * as graphs from '@grafana/grafana-foundation-sdk/timeseries';
import * as units from '@grafana/grafana-foundation-sdk/units';

export { units };

/** The Prometheus that the viewer selects. */
export const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

export type PanelBuilder =
  | graphs.PanelBuilder
  | heatmaps.PanelBuilder
  | stats.PanelBuilder
  | tables.PanelBuilder
  | timelines.PanelBuilder;

export interface Query {
  expr: string;
  legend?: string;
}

/** The legend names each series, with labels in double braces. */
export function query(expr: string, legend?: string): Query {
  return { expr, legend };
}

export interface Link {
  title: string;
  url: string;
}

export interface PanelOptions {
  title: string;
  /** What the panel shows and what to look for, in full sentences. */
  description: string;
  queries: Query[];
  /** Default: a plain number. */
  unit?: string;
  thresholds?: dashboard.ThresholdsConfig;
  mappings?: dashboard.ValueMapping[];
  /** The text that replaces missing data. */
  noValue?: string;
  links?: Link[];
  /** In columns of the grid, which has 24. */
  width?: number;
  /** In rows of the grid. */
  height?: number;
}

export interface ColumnOptions {
  thresholds?: dashboard.ThresholdsConfig;
  mappings?: dashboard.ValueMapping[];
  links?: Link[];
}

export interface Column extends ColumnOptions {
  /** A label, or the letter of a query. */
  field: string;
  title: string;
  unit: string;
}

/** A column with the values of a label. */
export function label(name: string, title: string, options: ColumnOptions = {}): Column {
  return { field: name, title, unit: units.String, ...options };
}

/** A column with the results of a query. The first query is 'A'. */
export function value(
  query: string,
  title: string,
  unit: string,
  options: ColumnOptions = {},
): Column {
  return { field: query, title, unit, ...options };
}

export type TableOptions = PanelOptions & { columns: Column[] };

// Thresholds

/** Colours by value: the base below all steps, and each step's colour from its value upwards. */
export function thresholds(base: string, ...steps: [number, string][]): dashboard.ThresholdsConfig {
  return new dashboard.ThresholdsConfigBuilder()
    .mode(dashboard.ThresholdsMode.Absolute)
    .steps([{ color: base, value: null }, ...steps.map(([value, color]) => ({ color, value }))])
    .build();
}

const NEUTRAL = thresholds('blue');
export const ZERO_IS_GOOD = thresholds('green', [1, 'red']);
export const ONE_IS_GOOD = thresholds('red', [1, 'green']);
/** The ratios of failed probes at which alerts of severity warning and critical fire. */
export const FAILURE_THRESHOLDS = thresholds('green', [0.01, 'orange'], [0.25, 'red']);
/** In seconds: within a region, round trips take up to 2 ms. */
export const LATENCY_THRESHOLDS = thresholds('green', [0.01, 'yellow'], [0.1, 'orange'], [0.5, 'red']);
export const FREE_RATIO_THRESHOLDS = thresholds('red', [0.1, 'orange'], [0.2, 'green']);
/** EKS recommends 16 free addresses in each subnet. */
export const FREE_ADDRESS_THRESHOLDS = thresholds('red', [16, 'orange'], [32, 'green']);
export const DIAGNOSIS_AGE_THRESHOLDS = thresholds('green', [60, 'orange'], [180, 'red']);
export const DAY = 86400;
export const CERTIFICATE_THRESHOLDS = thresholds('red', [7 * DAY, 'orange'], [21 * DAY, 'green']);

// Value mappings

/** Replaces values by a text and a colour. */
export function mapValues(
  texts: Record<number, [text: string, color: string]>,
): dashboard.ValueMapping[] {
  const options = Object.entries(texts).map(([value, [text, color]], index) => [
    value,
    { text, color, index },
  ]);
  return [{ type: dashboard.MappingType.ValueToText, options: Object.fromEntries(options) }];
}

/** The text for a gauge of 1, in green, and for 0, in red. */
export function mapGoodBad(good: string, bad: string): dashboard.ValueMapping[] {
  return mapValues({ 0: [bad, 'red'], 1: [good, 'green'] });
}

// Links

export const RUNBOOKS = 'https://github.com/eksnet/eksnet/blob/main/dashboards/runbooks/';

export function runbooks(...alerts: string[]): Link[] {
  return alerts.map((alert) => ({ title: `Runbook ${alert}`, url: `${RUNBOOKS}${alert}.md` }));
}

export const DASHBOARDS = {
  overview: { uid: 'eksnet-overview', title: 'Overview' },
  dns: { uid: 'eksnet-dns', title: 'DNS' },
  services: { uid: 'eksnet-services', title: 'Services and pods' },
  loadBalancers: { uid: 'eksnet-load-balancers', title: 'Load balancers and targets' },
  subnets: { uid: 'eksnet-subnets', title: 'Subnets and addresses' },
  prober: { uid: 'eksnet-prober', title: 'Prober health' },
};

/** A link to another dashboard that keeps the time range and the selected variables. */
export function dashboardLink(to: { uid: string; title: string }): Link {
  return { title: to.title, url: '/d/' + to.uid + '?${__url_time_range}&${__all_variables}' };
}

/** Links within Grafana open in the same tab. */
const withTarget = (link: Link) => ({ ...link, targetBlank: !link.url.startsWith('/') });

function panelLink(link: Link): dashboard.DashboardLinkBuilder {
  const { title, url, targetBlank } = withTarget(link);
  return new dashboard.DashboardLinkBuilder(title).url(url).targetBlank(targetBlank);
}

// Panels

/** The last value, in large type. */
export function stat(options: PanelOptions): stats.PanelBuilder {
  const severalSeries =
    options.queries.length > 1 || options.queries.some((query) => query.legend?.includes('{{'));
  return panel(new stats.PanelBuilder(), options, 4, 4)
    .targets(targets(options.queries, prometheus.PromQueryFormat.TimeSeries, 'instant'))
    .colorMode(common.BigValueColorMode.Background)
    .graphMode(common.BigValueGraphMode.None)
    .textMode(severalSeries ? common.BigValueTextMode.ValueAndName : common.BigValueTextMode.Auto)
    .reduceOptions(
      new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false),
    );
}

/** One line per series. Lines of series named "… forecast" are dashed. */
export function timeSeries(options: PanelOptions): graphs.PanelBuilder {
  const builder = graph(options, 0, common.StackingMode.None);
  if (options.queries.some((query) => query.legend?.endsWith(' forecast'))) {
    builder.overrideByRegexp('/ forecast$/', [
      { id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 8] } },
    ]);
  }
  return builder;
}

/** Series on top of each other. */
export function stacked(options: PanelOptions): graphs.PanelBuilder {
  return graph(options, 30, common.StackingMode.Normal);
}

function graph(
  options: PanelOptions,
  fillOpacity: number,
  stacking: common.StackingMode,
): graphs.PanelBuilder {
  const { Dashed, Off } = common.GraphThresholdsStyleMode;
  return panel(new graphs.PanelBuilder(), options, 12, 8)
    .targets(targets(options.queries, prometheus.PromQueryFormat.TimeSeries, 'range'))
    .colorScheme(new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.PaletteClassic))
    .min(0)
    .drawStyle(common.GraphDrawStyle.Line)
    .lineWidth(1)
    .fillOpacity(fillOpacity)
    .showPoints(common.VisibilityMode.Auto)
    .spanNulls(false) // missing data stays visible as a gap
    .stacking(new common.StackingConfigBuilder().mode(stacking).group('A'))
    .thresholdsStyle(
      new common.GraphThresholdsStyleConfigBuilder().mode(options.thresholds ? Dashed : Off),
    )
    .legend(legend(common.LegendDisplayMode.Table).calcs(['lastNotNull', 'max']))
    .tooltip(
      new common.VizTooltipOptionsBuilder()
        .mode(common.TooltipDisplayMode.Multi)
        .sort(common.SortOrder.Descending),
    );
}

/** One bar per series, coloured by its state over time. */
export function stateTimeline(options: PanelOptions): timelines.PanelBuilder {
  return panel(new timelines.PanelBuilder(), options, 24, 8)
    .targets(targets(options.queries, prometheus.PromQueryFormat.TimeSeries, 'range'))
    .fillOpacity(80)
    .lineWidth(0)
    .showValue(common.VisibilityMode.Never)
    .legend(legend(common.LegendDisplayMode.List));
}

/** The buckets of a histogram over time. */
export function heatmap(options: PanelOptions): heatmaps.PanelBuilder {
  return panel(new heatmaps.PanelBuilder(), options, 12, 8)
    .targets(targets(options.queries, prometheus.PromQueryFormat.Heatmap, 'range'))
    .color(
      new heatmaps.HeatmapColorOptionsBuilder()
        .mode(heatmaps.HeatmapColorMode.Scheme)
        .scheme('Oranges')
        .scale(heatmaps.HeatmapColorScale.Exponential)
        .exponent(0.5)
        .steps(64),
    )
    .yAxis(
      new heatmaps.YAxisConfigBuilder()
        .unit(options.unit ?? units.Short)
        .axisPlacement(common.AxisPlacement.Left),
    )
    .showValue(common.VisibilityMode.Never);
}

/** The results of all queries joined by their labels, one row per combination. */
export function table(options: TableOptions): tables.PanelBuilder {
  const { queries, columns } = options;
  // Grafana numbers the values of several queries, but not that of a single one.
  const valueField = (letter: string) => (queries.length === 1 ? 'Value' : `Value #${letter}`);
  const isValue = ({ field }: Column) => /^[A-Z]$/.test(field);
  const fields = columns.map((column) =>
    isValue(column) ? valueField(column.field) : column.field,
  );
  const hidden = ['Time', ...queries.map((_, index) => valueField(letter(index)))].filter(
    (field) => !fields.includes(field),
  );
  const builder = cells({ unit: units.String, ...options })
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: Object.fromEntries(hidden.map((field) => [field, true])),
        indexByName: Object.fromEntries(fields.map((field, index) => [field, index])),
        renameByName: Object.fromEntries(
          fields.map((field, index) => [field, columns[index]?.title]),
        ),
      },
    });
  columns.forEach((column) => builder.overrideByName(column.title, columnProperties(column)));
  return builder;
}

/** The values of one query as a grid of two labels. */
export function matrix(
  options: PanelOptions & { rowLabel: string; columnLabel: string },
): tables.PanelBuilder {
  const { rowLabel, columnLabel } = options;
  return cells(options)
    .cellOptions(COLORED_CELL)
    .withTransformation({
      id: 'groupingToMatrix',
      // A missing value stays empty: it is not 0.
      options: {
        rowField: rowLabel,
        columnField: columnLabel,
        valueField: 'Value',
        emptyValue: 'null',
      },
    })
    .overrideByName(`${rowLabel}\\${columnLabel}`, [
      { id: 'custom.cellOptions', value: PLAIN_CELL },
    ]);
}

const PLAIN_CELL: common.TableAutoCellOptions = { type: common.TableCellDisplayMode.Auto };
const COLORED_CELL: common.TableColoredBackgroundCellOptions = {
  type: common.TableCellDisplayMode.ColorBackground,
  mode: common.TableCellBackgroundDisplayMode.Basic,
};

function cells(options: PanelOptions): tables.PanelBuilder {
  return panel(new tables.PanelBuilder(), options, 12, 8)
    .targets(targets(options.queries, prometheus.PromQueryFormat.Table, 'instant'))
    .align(common.FieldTextAlignment.Auto)
    .filterable(false)
    .cellOptions(PLAIN_CELL);
}

function columnProperties(column: Column): dashboard.DynamicConfigValue[] {
  const properties: dashboard.DynamicConfigValue[] = [{ id: 'unit', value: column.unit }];
  if (column.thresholds) {
    properties.push({ id: 'thresholds', value: column.thresholds });
    properties.push({ id: 'custom.cellOptions', value: COLORED_CELL });
  }
  if (column.mappings) {
    properties.push({ id: 'mappings', value: column.mappings });
  }
  if (column.links) {
    properties.push({ id: 'links', value: column.links.map(withTarget) });
  }
  return properties;
}

/** Sets what all types of panels have in common. */
function panel<B extends PanelBuilder>(
  builder: B,
  options: PanelOptions,
  defaultWidth: number,
  defaultHeight: number,
): B {
  if (!options.description.endsWith('.')) {
    throw new Error(`the description of "${options.title}" has no full stop at its end`);
  }
  builder.title(options.title);
  builder.description(options.description);
  builder.datasource(DATASOURCE);
  builder.span(options.width ?? defaultWidth);
  builder.height(options.height ?? defaultHeight);
  // Longer than the interval of most probe suites, so that every window holds some results.
  builder.interval('1m');
  builder.unit(options.unit ?? units.Short);
  builder.noValue(options.noValue ?? 'no data');
  builder.colorScheme(
    new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.Thresholds),
  );
  const steps = options.thresholds ?? NEUTRAL;
  builder.thresholds({ build: () => steps });
  builder.mappings(options.mappings ?? []);
  if (options.links) {
    builder.links(options.links.map(panelLink));
  }
  return builder;
}

function targets(
  queries: Query[],
  format: prometheus.PromQueryFormat,
  type: 'instant' | 'range',
): Builder<Dataquery>[] {
  return queries.map((query, index) =>
    new prometheus.DataqueryBuilder()
      .datasource(DATASOURCE)
      .editorMode(prometheus.QueryEditorMode.Code)
      .expr(query.expr)
      .format(format)
      .legendFormat(query.legend ?? '__auto')
      .refId(letter(index))
      [type](),
  );
}

function letter(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}

function legend(mode: common.LegendDisplayMode): common.VizLegendOptionsBuilder {
  return new common.VizLegendOptionsBuilder()
    .displayMode(mode)
    .placement(common.LegendPlacement.Bottom)
    .showLegend(true);
}
