using System.Net;

namespace Blackwall.Tarpit.Detection;

/// <summary>How many connections may be open, in all and of one address (IPv6: of one /64). Thread-safe.</summary>
internal sealed class ConnectionLimits(int most, int mostOfOne)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, int> _open = [];
    private int _total;
    private long _refused;

    public int Open
    {
        get
        {
            lock (_lock)
            {
                return _total;
            }
        }
    }

    public long Refused => Interlocked.Read(ref _refused);

    public bool TryEnter(IPAddress address)
    {
        UInt128 key = Key(address);
        lock (_lock)
        {
            int own = _open.GetValueOrDefault(key);
            if (_total >= most || own >= mostOfOne)
            {
                _refused++;
                return false;
            }

            _total++;
            _open[key] = own + 1;
            return true;
        }
    }

    public void Leave(IPAddress address)
    {
        UInt128 key = Key(address);
        lock (_lock)
        {
            _total--;
            int own = _open[key] - 1;
            _ = own == 0 ? _open.Remove(key) : (_open[key] = own) > 0;
        }
    }

    private static UInt128 Key(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        address.TryWriteBytes(bytes, out int length);
        if (length == 16)
        {
            bytes[8..].Clear();
        }

        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes) + (length == 4 ? 1u : 0);
    }
}
