import type { PreparationOptions } from '../../shared/data/image/options.ts';
import type { Rectangle } from '../../shared/data/image/region.ts';
import type { Host } from '../../shared/protocol/client.ts';
import type { PictureInfo, PictureView } from '../../shared/protocol/data.ts';
import type { Frame } from '../../shared/protocol/frame.ts';
import type { RunSources, RunSummary } from '../../shared/protocol/runs.ts';
import { preparationOptions } from '../../shared/protocol/schemas.ts';
import { paintGrey } from '../pictures/paint.ts';
import type { ReportDrawing } from './report.ts';

/** Longer side of the picture in a report, in pixels. */
const side = 640;

/** The first picture of a run with the part of it that was used, and its spins: those of them that are here. */
export async function reportPictures(
  host: Host<File>,
  run: RunSummary,
  { sources: [source] }: RunSources,
  pictures: readonly PictureInfo[],
): Promise<ReportDrawing[]> {
  const first = pictures.find(
    ({ name, origin, missing }) => !missing && source && [name, origin].includes(source.path),
  );
  const drawings: ReportDrawing[] = [];
  if (first?.kind === 'picture') {
    const view = await host.data.view({ picture: first.id, side });
    const region = await regionOf(host, run, first);
    drawings.push({ title: `${first.name} and its crop`, svg: pictureSvg(view, region) });
  }
  const spins = await host.runs.image({ run: run.id, image: 0 });
  if (spins) drawings.push({ title: 'The first image, as spins', svg: spinsSvg(spins) });
  return drawings;
}

/** The part of a picture that a run has used; null where its file does not say it in this version's words. */
async function regionOf(
  host: Host<File>,
  run: RunSummary,
  picture: PictureInfo,
): Promise<Rectangle | null> {
  const { crops, ...common } = (run.result?.data.preparation ??
    {}) as Partial<PreparationOptions> & {
    crops?: Readonly<Record<string, Rectangle>>;
  };
  const used = preparationOptions.safeParse(common);
  if (!used.success) return null;
  const crop = crops?.[picture.origin] ?? crops?.[picture.name] ?? used.data.crop;
  const { boundary } = run.options;
  const options = { ...used.data, crop };
  return (await host.preparation.preview({ picture: picture.id, options, boundary })).region;
}

function pictureSvg(view: PictureView, region: Rectangle | null): string {
  const { width, height, grey, sourceWidth, sourceHeight } = view;
  const canvas = document.createElement('canvas');
  paintGrey(canvas, width, height, grey);
  const crop = region
    ? `<rect x="${region.x}" y="${region.y}" width="${region.width}" height="${region.height}" fill="none" stroke="#805200" stroke-width="${sourceWidth / 160}"/>`
    : '';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${sourceWidth} ${sourceHeight}"><image href="${canvas.toDataURL('image/png')}" width="${sourceWidth}" height="${sourceHeight}"/>${crop}</svg>`;
}

/** Spins as one path: every horizontal run of up spins a rectangle. */
function spinsSvg({ rows, cols, spins }: Frame): string {
  let path = '';
  for (let q = 0; q < rows; q++) {
    for (let r = 0; r < cols; r++) {
      let length = 0;
      while (r + length < cols && spins[q * cols + r + length] === 1) length++;
      if (length > 0) path += `M${r} ${q}h${length}v1h-${length}z`;
      r += length;
    }
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${cols} ${rows}" shape-rendering="crispEdges"><rect width="${cols}" height="${rows}" fill="#171614"/><path d="${path}" fill="#f7f6f2"/></svg>`;
}
