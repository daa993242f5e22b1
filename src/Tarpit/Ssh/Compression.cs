using Blackwall.Tarpit.Ssh.Wire;
using Org.BouncyCastle.Utilities.Zlib;

namespace Blackwall.Tarpit.Ssh;

/// <summary>zlib@openssh.com in one direction: one stream for all packets, flushed at the end of each.</summary>
internal sealed class Compression
{
    // Large enough for every honest packet; a bomb ends the connection here.
    private const int LargestPayload = 512 * 1024;

    private readonly ZStream _stream = new();
    private readonly PacketDeflater? _deflater;
    private bool _begun;

    private Compression(bool deflates) => _deflater = deflates ? new PacketDeflater() : null;

    /// <summary>By the name that was agreed on; null: nothing is compressed.</summary>
    public static Compression? Create(string name, bool deflates) => name is "zlib@openssh.com" ? new Compression(deflates) : null;

    /// <summary>Null: it is no zlib stream, or becomes too large.</summary>
    public byte[]? Run(ReadOnlySpan<byte> payload)
    {
        if (_deflater is not null)
        {
            return _deflater.Run(payload);
        }

        // Its window is held from the first packet on.
        if (!_begun)
        {
            _begun = true;
            _stream.inflateInit();
        }

        byte[] output = new byte[Math.Max(256, payload.Length * 2)];
        int length = 0;
        _stream.next_in = payload.ToArray();
        _stream.next_in_index = 0;
        _stream.avail_in = payload.Length;
        do
        {
            if (length == output.Length)
            {
                if (output.Length >= LargestPayload)
                {
                    return null;
                }

                Array.Resize(ref output, Math.Min(output.Length * 2, LargestPayload));
            }

            _stream.next_out = output;
            _stream.next_out_index = length;
            _stream.avail_out = output.Length - length;
            int result = _stream.inflate(JZlib.Z_SYNC_FLUSH);
            length = output.Length - _stream.avail_out;
            if (result is not (JZlib.Z_OK or JZlib.Z_BUF_ERROR))
            {
                return null;
            }

            if (result == JZlib.Z_BUF_ERROR && _stream.avail_out > 0)
            {
                break;
            }
        }
        while (_stream.avail_out == 0 || _stream.avail_in > 0);
        return output[..length];
    }
}
