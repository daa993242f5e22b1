using System.Buffers.Binary;
using System.Globalization;
using Blackwall.Pipeline.Model;

namespace Blackwall.Guard;

/// <summary>Reads established connections out of /proc/net/tcp and /proc/net/tcp6 (proc_net_tcp in the kernel's documentation). Pure.</summary>
internal static class TcpTable
{
    /// <summary>TCP_ESTABLISHED of the kernel's tcp_states.h.</summary>
    private const string Established = "01";

    // SYN_SENT, SYN_RECV, LISTEN, NEW_SYN_RECV: no handshake was completed.
    private static readonly string[] Unproven = ["02", "03", "0A", "0C"];

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

    /// <summary>
    /// Remote addresses of connections to these local ports whose handshake was completed, also of those that are being closed. A line that makes no sense
    /// is skipped.
    /// </summary>
    public static void ReadRemotes(string text, IReadOnlySet<ushort> localPorts, ISet<Address> into)
    {
        foreach (string line in text.Split('\n').Skip(1))
        {
            string[] columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length >= 10
                && !Unproven.Contains(columns[3], StringComparer.Ordinal)
                && columns[1].IndexOf(':', StringComparison.Ordinal) is > 0 and var colon
                && ushort.TryParse(columns[1].AsSpan(colon + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort port)
                && localPorts.Contains(port)
                && TryAddress(columns[2], out Address remote))
            {
                into.Add(remote);
            }
        }
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
