using System.Buffers.Binary;
using System.Globalization;
using Blackwall.Pipeline.Model;

namespace Blackwall.Guard;

/// <summary>Reads established connections out of /proc/net/tcp and /proc/net/tcp6 (proc_net_tcp in the kernel's documentation). Pure.</summary>
internal static class TcpTable
{
    /// <summary>TCP_ESTABLISHED of the kernel's tcp_states.h.</summary>
    private const string Established = "01";

    /// <summary>Remote addresses by the inode of the socket. A line that makes no sense is skipped.</summary>
    public static Dictionary<long, Address> Read(string text)
    {
        Dictionary<long, Address> peers = [];
        foreach (string line in text.Split('\n').Skip(1))
        {
            string[] columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length >= 10
                && string.Equals(columns[3], Established, StringComparison.Ordinal)
                && long.TryParse(columns[9], NumberStyles.None, CultureInfo.InvariantCulture, out long inode)
                && TryAddress(columns[2], out Address remote))
            {
                peers[inode] = remote;
            }
        }

        return peers;
    }

    // Words of the address in network order, each printed as a number of this machine.
    private static bool TryAddress(string text, out Address address)
    {
        address = default;
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon is not (8 or 32))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[colon / 2];
        for (int at = 0; at < colon; at += 8)
        {
            if (!uint.TryParse(text.AsSpan(at, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint word))
            {
                return false;
            }

            BinaryPrimitives.WriteUInt32BigEndian(bytes[(at / 2)..], BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(word) : word);
        }

        address = Address.FromBytes(bytes);
        return true;
    }
}
