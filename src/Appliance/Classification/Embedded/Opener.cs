using System.Numerics;
using Blackwall.Kernel.Abi;

namespace Blackwall.Classification.Embedded;

/// <summary>
/// What the embedded model counts of whoever opens flows, within an hour: numbers alone. Ports and hosts are counted as bits of a hash, so that the model can
/// learn how many there were and never which ones; there is no date and no address in it.
/// </summary>
internal struct Opener
{
    /// <summary>Features of a source.</summary>
    public const int Features = 16;

    private const ulong Hour = 3600UL * 1_000_000_000;
    private const int Most = 255;

    public RawAddress Who;

    /// <summary>The model's opinion at the last event, 0..100.</summary>
    public int Percent;

    private ulong _since;
    private ulong _last;
    private ulong _ports;
    private ulong _hosts;
    private ulong _bytesUp;
    private ulong _bytesDown;
    private ulong _gap;
    private ulong _deviation;
    private uint _opened;
    private uint _established;
    private uint _refused;
    private uint _closed;
    private uint _short;
    private uint _impossible;
    private uint _failedLogins;
    private uint _errors;
    private uint _opaque;
    private bool _outbound;

    /// <summary>Whether an event is of those that are counted.</summary>
    public static bool Counts(EventKind kind) => kind is EventKind.FlowOpen or EventKind.FlowReopened or EventKind.FlowEstablished or EventKind.FlowClosed or EventKind.FlowRefused
        or EventKind.Stealth or EventKind.LoginRefused or EventKind.HttpError or EventKind.Entropy;

    /// <summary>Adds an event of a flow that this one opened.</summary>
    public void Add(in PacketEvent packet)
    {
        ulong now = packet.TimeNanoseconds;
        if (now - _since > Hour)
        {
            this = new Opener { Who = Who, Percent = Percent, _since = now, _last = _last, _gap = _gap, _deviation = _deviation };
        }

        bool isOut = packet.Direction == FlowDirection.Outbound;
        _outbound = isOut;
        switch (packet.Kind)
        {
            case EventKind.FlowOpen or EventKind.FlowReopened:
                _opened++;
                AddGap(now);
                uint port = (uint)(isOut ? packet.RemotePort : packet.LocalPort) * 0x9E3779B1u;
                uint host = (uint)(isOut ? packet.Remote : packet.Local).GetHashCode() * 0x85EBCA6Bu;
                _ports |= 1UL << (int)(port >> 26);
                _hosts |= 1UL << (int)(host >> 26);
                break;
            case EventKind.FlowEstablished:
                _established++;
                break;
            case EventKind.FlowRefused:
                _refused++;
                break;
            case EventKind.Stealth:
                _impossible++;
                break;
            case EventKind.LoginRefused:
                _failedLogins++;
                break;
            case EventKind.HttpError:
                _errors++;
                break;
            case EventKind.Entropy:
                _opaque++;
                break;
            case EventKind.FlowClosed:
                _closed++;
                (ulong up, ulong down) = isOut ? (packet.BytesOut, packet.BytesIn) : (packet.BytesIn, packet.BytesOut);
                _bytesUp += up;
                _bytesDown += down;
                _short += up + down < 200 ? 1u : 0u;
                break;
            default:
                break;
        }
    }

    /// <summary>The features, each 0..255. Integers alone, so that they are the same everywhere.</summary>
    public readonly void Write(Span<int> features)
    {
        features[0] = Log(_opened);
        features[1] = Share(_established, _opened);
        features[2] = Share(_refused, _opened);
        features[3] = BitOperations.PopCount(_ports) * 3;
        features[4] = BitOperations.PopCount(_hosts) * 3;
        features[5] = Log(_closed == 0 ? 0 : _bytesUp / _closed);
        features[6] = Log(_closed == 0 ? 0 : _bytesDown / _closed);
        features[7] = Share(_bytesUp, _bytesUp + _bytesDown);
        features[8] = Log(_failedLogins);
        features[9] = Log(_errors);
        features[10] = Share(_deviation, _gap);
        features[11] = Log(_gap / 1_000_000);
        features[12] = Log(_impossible);
        features[13] = Share(_short, _closed);
        features[14] = Log(_opaque);
        features[15] = _outbound ? Most : 0;
    }

    // Moving averages of the gap between two flows and of how far gaps are from it: an eighth each.
    private void AddGap(ulong now)
    {
        ulong gap = now > _last && _last != 0 ? Math.Min(now - _last, Hour) : 0;
        _last = now;
        if (gap == 0)
        {
            return;
        }

        ulong apart = gap > _gap ? gap - _gap : _gap - gap;
        _gap = _gap == 0 ? gap : _gap - (_gap / 8) + (gap / 8);
        _deviation = _deviation - (_deviation / 8) + (Math.Min(apart, Hour) / 8);
    }

    // Eight steps a power of two.
    private static int Log(ulong value)
    {
        if (value == 0)
        {
            return 0;
        }

        int bits = BitOperations.Log2(value);
        ulong rest = bits >= 3 ? (value >> (bits - 3)) & 7 : (value << (3 - bits)) & 7;
        return Math.Min(Most, 8 + (bits * 8) + (int)rest);
    }

    private static int Share(ulong part, ulong whole) => whole == 0 ? 0 : part >= whole ? Most : (int)((UInt128)part * Most / whole);
}
