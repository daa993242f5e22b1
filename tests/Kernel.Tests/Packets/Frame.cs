using System.Buffers.Binary;
using Blackwall.Pipeline.Model;

namespace Blackwall.Kernel.Tests.Packets;

/// <summary>Builds a frame from the inside out, with right lengths and checksums unless told otherwise.</summary>
public sealed class Frame
{
    public const byte Fin = 1, Syn = 2, Rst = 4, Psh = 8, Ack = 16, Urg = 32;
    public const byte Tcp = 6, Udp = 17, Icmp = 1, Icmp6 = 58;

    private readonly List<ushort> _tags = [];
    private readonly List<(byte Type, byte[] Bytes)> _extensions = [];
    private byte[] _transport = [];
    private byte[] _options = [];
    private byte _protocol;
    private Address _source;
    private Address _destination;
    private int _checkAt = -1;
    private ushort _fragment;
    private ushort _id = 1;
    private byte _ttl = 64;
    private bool _unfinished;
    private bool _noUdpChecksum;

    public static Frame From(string source, string destination) => new() { _source = Address.Parse(source), _destination = Address.Parse(destination) };

    public bool IsV6 => !_source.IsV4 || !_destination.IsV4;

    public Frame Tag(ushort type = 0x8100)
    {
        _tags.Add(type);
        return this;
    }

    public Frame Ttl(byte ttl)
    {
        _ttl = ttl;
        return this;
    }

    public Frame IpOptions(int words)
    {
        _options = new byte[words * 4];
        Array.Fill(_options, (byte)1);
        return this;
    }

    /// <summary>An IPv6 extension header of 8 bytes a unit; the next-header byte is filled in later.</summary>
    public Frame Extension(byte type, int units = 1)
    {
        byte[] bytes = new byte[units * 8];
        bytes[1] = (byte)(type == 51 ? (units * 2) - 2 : units - 1);
        _extensions.Add((type, bytes));
        return this;
    }

    /// <param name="offset">In units of 8 bytes.</param>
    /// <param name="more">More fragments follow.</param>
    /// <param name="id">Datagram.</param>
    public Frame Fragment(int offset, bool more, ushort id = 7)
    {
        _id = id;
        _fragment = (ushort)((more ? 0x2000 : 0) | offset);
        if (IsV6)
        {
            byte[] bytes = new byte[8];
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)((offset << 3) | (more ? 1 : 0)));
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), id);
            _extensions.Add((44, bytes));
        }

        return this;
    }

    /// <summary>Leaves the pseudo header's sum in the checksum field, as a sender with offload does.</summary>
    public Frame UnfinishedChecksum()
    {
        _unfinished = true;
        return this;
    }

    public Frame WithoutUdpChecksum()
    {
        _noUdpChecksum = true;
        return this;
    }

    public Frame TcpSegment(ushort from, ushort to, byte flags, uint seq = 1000, uint ack = 0, byte[]? payload = null, int optionWords = 0)
    {
        payload ??= [];
        _protocol = Tcp;
        _checkAt = 16;
        int header = 20 + (optionWords * 4);
        _transport = new byte[header + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(_transport, from);
        BinaryPrimitives.WriteUInt16BigEndian(_transport.AsSpan(2), to);
        BinaryPrimitives.WriteUInt32BigEndian(_transport.AsSpan(4), seq);
        BinaryPrimitives.WriteUInt32BigEndian(_transport.AsSpan(8), ack);
        _transport[12] = (byte)(header / 4 << 4);
        _transport[13] = flags;
        BinaryPrimitives.WriteUInt16BigEndian(_transport.AsSpan(14), 64240);
        _transport.AsSpan(20, optionWords * 4).Fill(1);
        payload.CopyTo(_transport, header);
        return this;
    }

    /// <summary>A SYN with these options, which are whole words, and this window.</summary>
    public Frame SynSegment(ushort from, ushort to, byte[] options, ushort window, byte[]? payload = null)
    {
        TcpSegment(from, to, Syn, payload: payload, optionWords: options.Length / 4);
        BinaryPrimitives.WriteUInt16BigEndian(_transport.AsSpan(14), window);
        options.CopyTo(_transport, 20);
        return this;
    }

    public Frame UdpDatagram(ushort from, ushort to, byte[]? payload = null)
    {
        payload ??= [];
        _protocol = Udp;
        _checkAt = 6;
        _transport = new byte[8 + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(_transport, from);
        BinaryPrimitives.WriteUInt16BigEndian(_transport.AsSpan(2), to);
        BinaryPrimitives.WriteUInt16BigEndian(_transport.AsSpan(4), (ushort)_transport.Length);
        payload.CopyTo(_transport, 8);
        return this;
    }

    public Frame IcmpMessage(byte type, byte code, byte[]? rest = null)
    {
        rest ??= new byte[4];
        _protocol = IsV6 ? Icmp6 : Icmp;
        _checkAt = 2;
        _transport = new byte[4 + rest.Length];
        _transport[0] = type;
        _transport[1] = code;
        rest.CopyTo(_transport, 4);
        return this;
    }

    public Frame Raw(byte protocol, byte[] bytes)
    {
        _protocol = protocol;
        _checkAt = -1;
        _transport = bytes;
        return this;
    }

    /// <summary>The frame without its Ethernet header and tags.</summary>
    public byte[] Datagram() => IsV6 ? BuildV6() : BuildV4();

    /// <param name="padTo">Ethernet pads short frames with zeros up to 60 bytes.</param>
    public byte[] Build(int padTo = 0)
    {
        byte[] ip = Datagram();
        byte[] frame = new byte[Math.Max(padTo, 14 + (_tags.Count * 4) + ip.Length)];
        byte[] macs = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2];
        macs.CopyTo(frame, 0);
        int at = 12;
        foreach (ushort tag in _tags)
        {
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(at), tag);
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(at + 2), 5);
            at += 4;
        }

        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(at), IsV6 ? (ushort)0x86dd : (ushort)0x0800);
        ip.CopyTo(frame, at + 2);
        return frame;
    }

    private byte[] BuildV4()
    {
        int header = 20 + _options.Length;
        byte[] ip = new byte[header + _transport.Length];
        ip[0] = (byte)(0x40 | (header / 4));
        BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(2), (ushort)ip.Length);
        BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(4), _id);
        BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(6), _fragment);
        ip[8] = _ttl;
        ip[9] = _protocol;
        _source.WriteFamilyBytes(ip.AsSpan(12));
        _destination.WriteFamilyBytes(ip.AsSpan(16));
        _options.CopyTo(ip, 20);
        BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(10), Checksum.Of(ip.AsSpan(0, header)));
        FinishTransport();
        _transport.CopyTo(ip, header);
        return ip;
    }

    private byte[] BuildV6()
    {
        int extensions = _extensions.Sum(e => e.Bytes.Length);
        byte[] ip = new byte[40 + extensions + _transport.Length];
        ip[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(4), (ushort)(extensions + _transport.Length));
        ip[7] = _ttl;
        _source.WriteBytes(ip.AsSpan(8));
        _destination.WriteBytes(ip.AsSpan(24));
        int at = 40;
        int next = 6;
        foreach ((byte type, byte[] bytes) in _extensions)
        {
            ip[next] = type;
            bytes.CopyTo(ip, at);
            next = at;
            at += bytes.Length;
        }

        ip[next] = _protocol;
        FinishTransport();
        _transport.CopyTo(ip, at);
        return ip;
    }

    private void FinishTransport()
    {
        if (_checkAt < 0 || _transport.Length < _checkAt + 2 || (_noUdpChecksum && _protocol == Udp))
        {
            return;
        }

        _transport[_checkAt] = 0;
        _transport[_checkAt + 1] = 0;
        uint pseudo = _protocol == Icmp ? 0 : Checksum.Pseudo(_source, _destination, IsV6, _protocol, _transport.Length);
        ushort value = _unfinished ? Checksum.Fold(pseudo) : Checksum.Of(_transport, pseudo);
        BinaryPrimitives.WriteUInt16BigEndian(_transport.AsSpan(_checkAt), _protocol == Udp && value == 0 ? (ushort)0xffff : value);
    }
}
