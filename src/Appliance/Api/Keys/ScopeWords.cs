namespace Blackwall.Api.Keys;

/// <summary>The words for scopes, and the roles that stand for several of them.</summary>
internal static class ScopeWords
{
    public const Scopes Reading = Scopes.DecisionsRead | Scopes.RulesRead | Scopes.SourcesRead | Scopes.StatsRead | Scopes.EventsRead | Scopes.ConfigRead | Scopes.ChangesRead | Scopes.MetricsRead | Scopes.FingerprintsRead;

    private static readonly Dictionary<string, Scopes> Words = Enum.GetValues<Scopes>()
        .Where(scope => scope != Scopes.None)
        .ToDictionary(scope => Contracts.Words.Kebab(scope.ToString()).Replace('-', ':'), StringComparer.Ordinal);

    public static IReadOnlyCollection<string> All => Words.Keys;

    public static readonly IReadOnlyDictionary<string, Scopes> Roles = new Dictionary<string, Scopes>(StringComparer.Ordinal)
    {
        ["viewer"] = Reading,
        ["operator"] = Reading | Scopes.DecisionsWrite | Scopes.RulesWrite | Scopes.ChangesWrite | Scopes.FingerprintsWrite | Scopes.AuditRead | Scopes.CapturesRead | Scopes.CapturesWrite,
        ["siem"] = Scopes.DecisionsRead | Scopes.EventsRead | Scopes.SourcesRead | Scopes.StatsRead | Scopes.MetricsRead | Scopes.AuditRead,
        ["admin"] = Scopes.Admin,
    };

    public static bool TryParse(string word, out Scopes scope) => Words.TryGetValue(word, out scope);

    /// <summary>The words of a set, in the order of declaration.</summary>
    public static IReadOnlyList<string> Of(Scopes scopes) => [.. Words.Where(pair => scopes.HasFlag(pair.Value)).Select(pair => pair.Key)];

    /// <summary>Whether a holder of <paramref name="held"/> may do what needs <paramref name="needed"/>.</summary>
    public static bool Allow(this Scopes held, Scopes needed) => held.HasFlag(Scopes.Admin) || held.HasFlag(needed);

    /// <summary>Whether a holder may change something: only those administer the appliance.</summary>
    public static bool MayChange(this Scopes held) => (held & ~(Reading | Scopes.AuditRead | Scopes.KeysRead | Scopes.CapturesRead)) != Scopes.None;

    /// <summary>Reads a blank-separated list; words that this version does not know grant nothing.</summary>
    public static Scopes ParseList(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Aggregate(Scopes.None, (set, word) => set | Words.GetValueOrDefault(word));
}
