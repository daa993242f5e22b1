using System.Collections;
using Blackwall.Feeds.Wire;
using Blackwall.Pipeline.Model;

namespace Blackwall.Feeds;

/// <summary>Entries as claims, each made when it is looked at: a list of them would be megabytes for every refresh. Immutable.</summary>
/// <param name="entries">What the feed says.</param>
/// <param name="template">What all of them have in common.</param>
internal sealed class EntryClaims(IReadOnlyList<FeedEntry> entries, Claim template) : IReadOnlyList<Claim>
{
    public int Count => entries.Count;

    public Claim this[int index]
    {
        get
        {
            FeedEntry entry = entries[index];
            return template with { Scope = entry.Scope, Comment = entry.Note };
        }
    }

    public IEnumerator<Claim> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
