using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>
/// What holds over a scope from now on, one span after the other, each ending later than the one before: the winner over everything that
/// covers the scope, then who wins once that has ended, and so on. The kernel walks along it by itself, so that every end of nested scopes is right
/// with no process alive.
/// </summary>
internal readonly struct Timeline
{
    private readonly PolicySpan _first;

    // Null for nearly all: a scope that one decision covers.
    private readonly PolicySpan[]? _later;
    private readonly bool _any;

    private Timeline(PolicySpan first, PolicySpan[]? later) => (_first, _later, _any) = (first, later, true);

    public bool IsEmpty => !_any;

    public PolicySpan First => _first;

    /// <summary>What follows the first; null: nothing. Not to be changed.</summary>
    public PolicySpan[]? Later => _later;

    /// <summary>
    /// The timeline with one more claim that covers the scope; in any order.
    /// </summary>
    public Timeline With(in ClaimRow row, long expiry, long now)
    {
        if (expiry <= now)
        {
            return this;
        }

        PolicySpan added = new(row.Id, expiry, row.Verdict, row.Rank, row.Length);
        if (!_any)
        {
            return new Timeline(added, null);
        }

        // Stronger ones stay in front. It holds from the end of the last of them, when its own end is later, and hides weaker ones up to its end.
        int count = 1 + (_later?.Length ?? 0);
        int stronger = 0;
        while (stronger < count && Precedence.Beats(At(stronger).Contender, added.Contender))
        {
            stronger++;
        }

        if (stronger > 0 && At(stronger - 1).ExpiryUnixMilliseconds >= expiry)
        {
            return this;
        }

        int weaker = stronger;
        while (weaker < count && At(weaker).ExpiryUnixMilliseconds <= expiry)
        {
            weaker++;
        }

        PolicySpan first = stronger == 0 ? added : _first;
        PolicySpan[] later = new PolicySpan[stronger + (count - weaker)];
        int next = 0;
        for (int i = 1; i < stronger; i++)
        {
            later[next++] = At(i);
        }

        if (stronger > 0)
        {
            later[next++] = added;
        }

        for (int i = weaker; i < count; i++)
        {
            later[next++] = At(i);
        }

        return new Timeline(first, later.Length == 0 ? null : later);
    }

    /// <summary>
    /// The timeline in at most one span and <see cref="PolicyEntry.MostLater"/> more. Neighbours of one verdict become one first (the guard's pass is another one than the operator's), which changes nothing
    /// that happens to a packet. What still does not fit is cut off at the far end, where then nothing holds until the appliance writes the entry
    /// anew: never a longer block than stands.
    /// </summary>
    public Timeline Fitting()
    {
        if (_later is null || _later.Length <= PolicyEntry.MostLater)
        {
            return this;
        }

        List<PolicySpan> spans = [_first, .. _later];
        for (int i = spans.Count - 1; i > 0 && spans.Count > PolicyEntry.MostLater + 1; i--)
        {
            if (spans[i].Verdict == spans[i - 1].Verdict && spans[i].Rank != 0)
            {
                spans[i - 1] = spans[i - 1] with { ExpiryUnixMilliseconds = spans[i].ExpiryUnixMilliseconds };
                spans.RemoveAt(i);
            }
        }

        PolicySpan[] rest = [.. spans.Skip(1).Take(PolicyEntry.MostLater)];
        return new Timeline(spans[0], rest.Length == 0 ? null : rest);
    }

    private PolicySpan At(int index) => index == 0 ? _first : _later![index - 1];
}
