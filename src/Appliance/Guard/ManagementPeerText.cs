using System.Globalization;
using System.Text;
using Blackwall.Pipeline.Model;

namespace Blackwall.Guard;

/// <summary>The file form of remembered peers: a line each, "ADDRESS WAY MILLISECONDS". Pure.</summary>
internal static class ManagementPeerText
{
    public static byte[] Write(IEnumerable<ManagementPeer> peers) =>
        Encoding.UTF8.GetBytes(string.Concat(peers.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Address} {p.Way} {p.LastSeenUnixMilliseconds}\n"))));

    /// <summary>Lines that make no sense are left out.</summary>
    public static IEnumerable<ManagementPeer> Read(byte[] content)
    {
        foreach (string line in Encoding.UTF8.GetString(content).Split('\n'))
        {
            string[] words = line.Split(' ');
            if (words.Length == 3
                && Address.TryParse(words[0], out Address address)
                && long.TryParse(words[2], NumberStyles.None, CultureInfo.InvariantCulture, out long seen))
            {
                yield return new ManagementPeer(address, words[1], seen);
            }
        }
    }
}
