package dev.backstep.web.gpu;

import dev.backstep.engine.backend.device.DeviceException;
import dev.backstep.engine.backend.device.DeviceException.Kind;
import dev.backstep.web.gpu.GpuMemory.Block;
import dev.backstep.web.jso.OffscreenCanvas;
import dev.backstep.web.jso.webgpu.GPUBuffer;
import dev.backstep.web.jso.webgpu.GPUBufferDescriptor;
import dev.backstep.web.jso.webgpu.GPUBufferUsage;
import dev.backstep.web.jso.webgpu.GPUCanvasConfiguration;
import dev.backstep.web.jso.webgpu.GPUCanvasContext;
import dev.backstep.web.jso.webgpu.GPUDevice;
import dev.backstep.web.jso.webgpu.GPUExtent3D;
import dev.backstep.web.jso.webgpu.GPUTexelCopyBufferInfo;
import dev.backstep.web.jso.webgpu.GPUTexelCopyTextureInfo;
import dev.backstep.web.jso.webgpu.GPUTextureUsage;
import org.teavm.jso.canvas.CanvasRenderingContext2D;
import org.teavm.jso.core.JSObjects;
import org.teavm.jso.typedarrays.Int32Array;

/**
 * Reads memory at once as the pixels of a canvas. An opaque canvas gives red, green and blue as they are, a
 * premultiplied one gives alpha, so two of them give all 32 bits, a NaN's too. Above the elements is a row with a mark,
 * another each time: a device that was just lost draws nothing, and does not say so yet.
 */
final class CanvasReader implements Reader {
    /** Pixels of a row; its bytes must be a multiple of 256. */
    private static final int NARROW = 64;
    private static final int WIDE = 1024;

    private final GPUDevice device;
    private final Commands commands;
    private OffscreenCanvas[] canvases;
    private GPUCanvasContext[] contexts;
    private OffscreenCanvas plain;
    private CanvasRenderingContext2D pixels;
    private GPUBuffer rows;
    private final Int32Array mark = new Int32Array(1);
    private int marks;
    private int width;
    private int height;

    CanvasReader(GPUDevice device, Commands commands) {
        this.device = device;
        this.commands = commands;
    }

    @Override
    public void read(Block block, int count, int[] to) {
        int most = WIDE * ((int) Math.min(4096, device.getLimits().getMaxTextureDimension2D()) - 1);
        for (int from = 0; from < count; from += most) {
            read(block, from, Math.min(most, count - from), to);
        }
    }

    private void read(Block block, int from, int count, int[] to) {
        int wide = count <= NARROW * NARROW ? NARROW : WIDE;
        int high = (count + wide - 1) / wide + 1;
        fit(wide, wide == NARROW ? NARROW + 1 : high);
        int sign = nextMark();
        mark.set(0, sign);
        device.getQueue().writeBuffer(rows, 0, mark);
        for (int c = 0; c < 2; c++) {
            GPUTexelCopyBufferInfo source = JSObjects.create();
            source.setBuffer(rows);
            source.setOffset(0);
            source.setBytesPerRow(width * 4);
            GPUTexelCopyTextureInfo target = JSObjects.create();
            target.setTexture(contexts[c].getCurrentTexture());
            GPUExtent3D size = JSObjects.create();
            size.setWidth(width);
            size.setHeight(high);
            if (c == 0) {
                commands.open().copyBufferToBuffer(block.buffer, from * 4.0, rows, width * 4.0, count * 4.0);
            }
            commands.open().copyBufferToTexture(source, target, size);
            commands.submit();
            pixels.clearRect(0, 0, width, high);
            pixels.drawImage(canvases[c], 0, 0);
            int[] part = new Int32Array(pixels.getImageData(0, 0, width, high).getData().getBuffer()).copyToJavaArray();
            int mask = c == 0 ? 0xffffff : 0xff000000;
            if ((part[0] & mask) != (sign & mask)) {
                throw new DeviceException(Kind.LOST, "what was read did not come");
            }
            for (int i = 0; i < count; i++) {
                to[from + i] = c == 0 ? part[width + i] & mask : to[from + i] | part[width + i] & mask;
            }
        }
    }

    /** Not zero in either canvas. */
    private int nextMark() {
        marks = (marks + 1) % 200;
        return (marks + 1) << 24 | marks + 1;
    }

    private void fit(int wide, int high) {
        if (canvases == null) {
            canvases = new OffscreenCanvas[] {new OffscreenCanvas(wide, high), new OffscreenCanvas(wide, high)};
            contexts = new GPUCanvasContext[2];
            for (int c = 0; c < 2; c++) {
                contexts[c] = (GPUCanvasContext) canvases[c].getContext("webgpu");
                GPUCanvasConfiguration configuration = JSObjects.create();
                configuration.setDevice(device);
                configuration.setFormat("rgba8unorm");
                configuration.setUsage(GPUTextureUsage.COPY_DST);
                configuration.setAlphaMode(c == 0 ? "opaque" : "premultiplied");
                contexts[c].configure(configuration);
            }
            plain = new OffscreenCanvas(wide, high);
            OffscreenCanvas.Settings settings = JSObjects.create();
            settings.setWillReadFrequently(true);
            pixels = (CanvasRenderingContext2D) plain.getContext("2d", settings);
        }
        if (wide == width && high <= height && (wide == NARROW || high * 4 > height)) {
            return;
        }
        width = wide;
        height = high;
        for (OffscreenCanvas canvas : new OffscreenCanvas[] {canvases[0], canvases[1], plain}) {
            canvas.setWidth(wide);
            canvas.setHeight(high);
        }
        if (rows != null) {
            rows.destroy();
        }
        GPUBufferDescriptor descriptor = JSObjects.create();
        descriptor.setSize(wide * high * 4.0);
        descriptor.setUsage(GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST);
        rows = device.createBuffer(descriptor);
    }
}
