using Blackwall.Pipeline.Model;

namespace Blackwall.Guard;

/// <summary>Reads the name servers out of a resolv.conf (resolv.conf(5)). Pure.</summary>
internal static class Resolvers
{
    public static IEnumerable<Address> Read(string text)
    {
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= 2 && string.Equals(words[0], "nameserver", StringComparison.Ordinal)
                && Address.TryParse(words[1].Split('%')[0], out Address server))
            {
                yield return server;
            }
        }
    }
}
