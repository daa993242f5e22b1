using System.Buffers.Binary;

namespace Blackwall.Tests.Replay;

/// <summary>Writes captures the way tcpdump and dumpcap do, in either byte order.</summary>
internal sealed class CaptureBytes(bool bigEndian)
{
    private readonly List<byte> _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    public CaptureBytes U16(ushort value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, bigEndian ? BinaryPrimitives.ReverseEndianness(value) : value);
        _bytes.AddRange(bytes);
        return this;
    }

    public CaptureBytes U32(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, bigEndian ? BinaryPrimitives.ReverseEndianness(value) : value);
        _bytes.AddRange(bytes);
        return this;
    }

    public CaptureBytes Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public CaptureBytes PcapHeader(uint linkType, bool nanoseconds = false) =>
        U32(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4).U16(2).U16(4).U32(0).U32(0).U32(65_535).U32(linkType);

    public CaptureBytes PcapPacket(uint seconds, uint fraction, byte[] data, uint? original = null) =>
        U32(seconds).U32(fraction).U32((uint)data.Length).U32(original ?? (uint)data.Length).Raw(data);

    public CaptureBytes Block(uint type, byte[] body)
    {
        int padding = (4 - (body.Length % 4)) % 4;
        uint length = (uint)(12 + body.Length + padding);
        return U32(type).U32(length).Raw(body).Raw(new byte[padding]).U32(length);
    }

    public CaptureBytes Section() => Block(0x0a0d0d0a, Body(b => b.U32(0x1a2b3c4d).U16(1).U16(0).U32(uint.MaxValue).U32(uint.MaxValue)));

    public CaptureBytes Interface(ushort linkType, byte? resolution = null, uint snap = 0) => Block(1, Body(b =>
    {
        b.U16(linkType).U16(0).U32(snap);
        if (resolution is { } r)
        {
            b.U16(9).U16(1).Raw(r, 0, 0, 0).U16(0).U16(0);
        }
    }));

    public CaptureBytes Enhanced(uint id, ulong units, byte[] data, uint? original = null) => Block(6, Body(b =>
        b.U32(id).U32((uint)(units >> 32)).U32((uint)units).U32((uint)data.Length).U32(original ?? (uint)data.Length).Raw(data)));

    public CaptureBytes Simple(byte[] data, uint? original = null) => Block(3, Body(b => b.U32(original ?? (uint)data.Length).Raw(data)));

    private byte[] Body(Action<CaptureBytes> write)
    {
        CaptureBytes body = new(bigEndian);
        write(body);
        return body.ToArray();
    }
}
