using System.Buffers.Binary;

namespace Blackwall.Replay.Wire;

/// <summary>The blocks of a pcapng file; each section has its own byte order and interfaces.</summary>
internal sealed class PcapngBlocks
{
    private const uint SectionHeader = 0x0a0d0d0a;
    private const uint InterfaceDescription = 1;
    private const uint ObsoletePacket = 2;
    private const uint SimplePacket = 3;
    private const uint EnhancedPacket = 6;
    private const uint ByteOrder = 0x1a2b3c4d;
    private const int HeadBytes = 8;
    private const int FrameBytes = 12; // type, length, and the length again
    private const ushort OptionEnd = 0;
    private const ushort OptionResolution = 9;
    private const ushort OptionOffset = 14;

    /// <summary>A file could otherwise name interfaces until memory is gone.</summary>
    private const int MostInterfaces = 65_536;

    private readonly List<CaptureInterface> _interfaces = [];
    private FileOrder _order;
    private ulong _last;

    public string? Fault { get; private set; }

    public CaptureStep Next(ReadOnlySpan<byte> bytes, out int consumed, ref CapturedPacket packet)
    {
        consumed = 0;
        if (bytes.Length < FrameBytes)
        {
            return CaptureStep.NeedMore;
        }

        // The type of a section header reads the same both ways; its byte order follows the length.
        bool section = BinaryPrimitives.ReadUInt32LittleEndian(bytes) == SectionHeader;
        if (section && !TakeByteOrder(bytes[HeadBytes..]))
        {
            return Damaged("a section whose byte order mark is none");
        }

        uint length = _order.U32(bytes[4..]);
        if (length < FrameBytes || length % 4 != 0)
        {
            return Damaged($"a block of {length} bytes, which is no whole number of words with head and tail");
        }

        if (length > CaptureParser.LongestRecord)
        {
            return Damaged($"a block of {length} bytes, and none longer than {CaptureParser.LongestRecord} is read");
        }

        if (bytes.Length < length)
        {
            return CaptureStep.NeedMore;
        }

        uint again = _order.U32(bytes[((int)length - 4)..]);
        if (again != length)
        {
            return Damaged($"a block that begins with a length of {length} and ends with {again}");
        }

        consumed = (int)length;
        uint type = section ? SectionHeader : _order.U32(bytes);
        ReadOnlySpan<byte> body = bytes[HeadBytes..((int)length - 4)];
        return type switch
        {
            SectionHeader => TakeSection(body),
            InterfaceDescription => TakeInterface(body),
            EnhancedPacket => TakePacket(body, shortId: false, ref packet),
            ObsoletePacket => TakePacket(body, shortId: true, ref packet),
            SimplePacket => TakeSimple(body, ref packet),
            _ => CaptureStep.Other,
        };
    }

    private bool TakeByteOrder(ReadOnlySpan<byte> mark)
    {
        bool isBig = BinaryPrimitives.ReadUInt32BigEndian(mark) == ByteOrder;
        _order = new FileOrder(isBig);
        return isBig || BinaryPrimitives.ReadUInt32LittleEndian(mark) == ByteOrder;
    }

    private CaptureStep TakeSection(ReadOnlySpan<byte> body)
    {
        if (body.Length < 16)
        {
            return Damaged("a section header that is too short");
        }

        ushort major = _order.U16(body[4..]);
        if (major != 1)
        {
            return Damaged($"a section of pcapng version {major}; version 1 is read");
        }

        _interfaces.Clear();
        return CaptureStep.Other;
    }

    private CaptureStep TakeInterface(ReadOnlySpan<byte> body)
    {
        if (body.Length < 8)
        {
            return Damaged("an interface that is too short");
        }

        if (_interfaces.Count == MostInterfaces)
        {
            return Damaged($"a section of more than {MostInterfaces} interfaces");
        }

        byte resolution = CaptureInterface.Microseconds;
        long offset = 0;
        for (ReadOnlySpan<byte> options = body[8..]; options.Length >= 4;)
        {
            ushort code = _order.U16(options);
            int length = _order.U16(options[2..]);
            int padded = (length + 3) & ~3;
            if (code == OptionEnd)
            {
                break;
            }

            if (padded > options.Length - 4)
            {
                return Damaged("an interface with an option that reaches beyond its block");
            }

            ReadOnlySpan<byte> value = options.Slice(4, length);
            if (code == OptionResolution && length == 1)
            {
                resolution = value[0];
            }
            else if (code == OptionOffset && length == 8)
            {
                offset = _order.I64(value);
            }

            options = options[(4 + padded)..];
        }

        _interfaces.Add(new CaptureInterface(_order.U16(body), _order.U32(body[4..]), resolution, offset));
        return CaptureStep.Other;
    }

    private CaptureStep TakePacket(ReadOnlySpan<byte> body, bool shortId, ref CapturedPacket packet)
    {
        if (body.Length < 20)
        {
            return Damaged("a packet block that is too short");
        }

        uint id = shortId ? _order.U16(body) : _order.U32(body);
        if (id >= _interfaces.Count)
        {
            return Damaged($"a packet of interface {id}, which the section does not describe");
        }

        uint captured = _order.U32(body[12..]);
        if (captured > CaptureParser.LongestPacket || captured > body.Length - 20)
        {
            return Damaged($"a packet of {captured} bytes in a block with room for {body.Length - 20}");
        }

        CaptureInterface source = _interfaces[(int)id];
        _last = source.ToNanoseconds(((ulong)_order.U32(body[4..]) << 32) | _order.U32(body[8..]));
        packet = new CapturedPacket
        {
            Nanoseconds = _last,
            LinkType = source.LinkType,
            OriginalLength = Math.Max(_order.U32(body[16..]), captured),
            Data = body.Slice(20, (int)captured),
        };
        return CaptureStep.Packet;
    }

    /// <summary>It has no time of its own: it is taken to come with the packet before it.</summary>
    private CaptureStep TakeSimple(ReadOnlySpan<byte> body, ref CapturedPacket packet)
    {
        if (body.Length < 4)
        {
            return Damaged("a packet block that is too short");
        }

        if (_interfaces.Count == 0)
        {
            return Damaged("a packet of interface 0, which the section does not describe");
        }

        uint original = _order.U32(body);
        uint snap = _interfaces[0].SnapLength;
        long captured = Math.Min(original, snap == 0 ? uint.MaxValue : snap);
        if (captured > CaptureParser.LongestPacket || captured > body.Length - 4)
        {
            return Damaged($"a packet of {captured} bytes in a block with room for {body.Length - 4}");
        }

        packet = new CapturedPacket
        {
            Nanoseconds = _last,
            LinkType = _interfaces[0].LinkType,
            OriginalLength = original,
            Data = body.Slice(4, (int)captured),
        };
        return CaptureStep.Packet;
    }

    private CaptureStep Damaged(string fault)
    {
        Fault = fault;
        return CaptureStep.Damaged;
    }
}
