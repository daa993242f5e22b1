namespace Blackwall.Inspection;

/// <summary>The rules in force, and how many requests met each. One thread counts, any may read.</summary>
internal sealed class CountedRules(IReadOnlyList<RequestRule> rules)
{
    private readonly long[] _hits = new long[rules.Count];

    public IReadOnlyList<RequestRule> List => rules;

    public RequestMatcher Matcher { get; } = new(rules);

    public int Count => rules.Count;

    public void CountHit(int rule) => Volatile.Write(ref _hits[rule], _hits[rule] + 1);

    public IReadOnlyList<(RequestRule Rule, long Hits)> Read() => [.. rules.Select((rule, index) => (rule, Volatile.Read(ref _hits[index])))];
}
