using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Tests.Pipeline;

/// <summary>What the kernel makes of a policy with nobody alive: the entry of the host, else that of the longest prefix, and of it the first span that has not ended.</summary>
internal sealed class KernelModel
{
    private readonly Dictionary<Prefix, PolicyEntry> _entries = [];

    public KernelModel(ReadOnlySpan<PolicyEntry> entries)
    {
        foreach (PolicyEntry entry in entries)
        {
            _entries.Add(entry.Scope, entry);
        }
    }

    public Verdict VerdictOf(string address, long now)
    {
        Prefix host = Prefix.Parse(address);
        if (_entries.TryGetValue(host, out PolicyEntry exact) && InForce(exact, now) is { } said)
        {
            return said;
        }

        return Longest(host) is { } entry ? InForce(entry, now) ?? Verdict.Pass : Verdict.Pass;
    }

    /// <summary>Whether what decides about the address fills every span there is, so that something may have been cut off.</summary>
    public bool IsFull(string address)
    {
        Prefix host = Prefix.Parse(address);
        PolicyEntry? decides = _entries.TryGetValue(host, out PolicyEntry exact) ? exact : Longest(host);
        return decides?.Later.Length == PolicyEntry.MostLater;
    }

    private PolicyEntry? Longest(Prefix host)
    {
        for (int length = host.Length - 1; length >= 0; length--)
        {
            if (_entries.TryGetValue(Prefix.Around(host.Network, length), out PolicyEntry entry))
            {
                return entry;
            }
        }

        return null;
    }

    private static Verdict? InForce(in PolicyEntry entry, long now)
    {
        if (now < entry.ExpiryUnixMilliseconds)
        {
            return entry.Verdict;
        }

        foreach (PolicySpan span in entry.Later)
        {
            if (now < span.ExpiryUnixMilliseconds)
            {
                return span.Verdict;
            }
        }

        return null;
    }
}
