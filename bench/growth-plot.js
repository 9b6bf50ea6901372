// One plot: a few lines over one axis, as an SVG that can be read on light and on dark paper.
import * as echarts from 'echarts';

const WIDTH = 640;
const HEIGHT = 360;
/** Reads well on white and on black. */
const INK = '#7d8590';
const FAINT = 'rgba(125, 133, 144, 0.25)';
const COLOURS = ['#2f81f7', '#db6d28', '#3fa65a'];
const FONT = 'system-ui, sans-serif';

/**
 * @typedef {object} Plot
 * @property {string} title
 * @property {{title: string, log?: boolean, ticks?: number[]}} x - with its unit
 * @property {{title: string, log?: boolean}} y - with its unit
 * @property {{name: string, points: [number, number][]}[]} lines - the lower one first
 */

/** @param {Plot} plot @returns {string} the SVG */
export function draw({ title, x, y, lines }) {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  try {
    chart.setOption({
      animation: false,
      backgroundColor: 'transparent',
      color: COLOURS,
      textStyle: { fontFamily: FONT, color: INK },
      title: { text: title, left: 16, top: 12, textStyle: { color: INK, fontSize: 15, fontWeight: 600 } },
      grid: { left: 64, right: 40, top: 88, bottom: 56 },
      xAxis: axis(x, { nameLocation: 'middle', nameGap: 34, splitLine: { show: false } }),
      yAxis: axis(y, { nameTextStyle: { align: 'left', padding: [0, 0, 0, -48] }, nameGap: 10 }),
      legend: {
        show: lines.length > 1,
        right: 32,
        top: 38,
        itemGap: 24,
        itemWidth: 18,
        icon: 'roundRect',
        itemHeight: 3,
        textStyle: { color: INK, fontSize: 12 },
      },
      series: lines.map(({ name, points }, at) => ({
        name,
        type: 'line',
        data: points,
        symbol: 'circle',
        symbolSize: 7,
        lineStyle: { width: 2 },
        label: {
          show: true,
          // Of two lines the lower one stands first.
          position: lines.length > 1 && at === 0 ? 'bottom' : 'top',
          color: INK,
          fontSize: 11,
          formatter: ({ value }) => short(value[1]),
        },
      })),
    });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

function axis({ title, log = false, ticks }, more) {
  return {
    type: log ? 'log' : 'value',
    name: title,
    nameTextStyle: { color: INK, fontSize: 12 },
    axisLine: { show: true, lineStyle: { color: INK } },
    axisTick: { show: false },
    axisLabel: {
      color: INK,
      fontSize: 12,
      formatter: (value) => value.toLocaleString('en-US'),
      customValues: ticks,
    },
    splitLine: { lineStyle: { color: FAINT } },
    ...more,
    ...(ticks === undefined ? {} : { min: log ? Math.min(...ticks) : 0, max: Math.max(...ticks) }),
  };
}

/** Three significant digits. */
function short(value) {
  return Number(value.toPrecision(3)).toLocaleString('en-US');
}
