using System.Buffers;

namespace Blackwall.Tarpit.Injection;

/// <summary>
/// Finds orders to language models in text of a peer, also hidden ones. What it finds is told; nothing is defended by it: what a model is asked and what of its
/// answer is shown is decided by the shape of both (<see cref="Improvisation.CommandShape"/>, <see cref="Improvisation.OutputGuard"/>).
/// </summary>
internal static class InjectionDetector
{
    private const int Shortest = 8;
    private const string Hidden = "hidden-text";
    private const string Encoded = "encoded";
    private const string Backwards = "backwards";
    private const string Disguised = "disguised";

    // Of a disguise: nobody hides a harmless sentence that happens to read so.
    private const int DisguiseScore = 20;

    // Text is turned around for each command that somebody types: only what then has a word of an order is looked at.
    private static readonly SearchValues<string> s_words = SearchValues.Create(
        ["ignor", "disregard", "forget", "overrid", "bypass", "instruction", "prompt", "rules", "guideline", "system", "assistant", "respond", "reply", "reveal", "repeat", "previous", "you are", "act as", "pretend", "role", "jailbreak", "developer mode", "language model", "honeypot", "secret"],
        StringComparison.Ordinal);

    /// <summary>Names of all families.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. InjectionFamilies.All.Select(family => family.Name), Hidden, Encoded, Backwards, Disguised];

    /// <summary>Looks at the first <see cref="InjectionText.Most"/> characters of a text.</summary>
    public static InjectionFinding Scan(string? text)
    {
        if (text is not { Length: >= Shortest })
        {
            return InjectionFinding.None;
        }

        text = text.Length > InjectionText.Most ? text[..InjectionText.Most] : text;
        SortedSet<string> found = new(StringComparer.Ordinal);
        string plain = InjectionText.Plain(text);
        int score = Match(text, plain, found);
        score += InjectionText.HasHidden(text) && found.Add(Hidden) ? DisguiseScore : 0;
        score += InjectionText.Reverse(plain) is var reversed && reversed.AsSpan().ContainsAny(s_words) ? Disguise(Backwards, "", reversed, found) : 0;
        score += InjectionText.IsMixed(text) ? Disguise(Disguised, "", InjectionText.Plain(text, asLatin: true), found) : 0;
        score += InjectionText.Unleet(plain) is { } letters ? Disguise(Disguised, "", letters, found) : 0;
        score += string.Concat(text.Where(c => c is not ('"' or '\'' or '\\'))) is { } bare && bare.Length < text.Length ? Match(bare, InjectionText.Plain(bare), found) : 0;
        foreach (string decoded in InjectionText.Decode(text))
        {
            score += Disguise(Encoded, decoded, InjectionText.Plain(decoded), found);
        }

        return found.Count == 0 ? InjectionFinding.None : new InjectionFinding([.. found], Math.Min(100, score));
    }

    private static int Disguise(string name, string raw, string plain, SortedSet<string> found)
    {
        int score = Match(raw, plain, found);
        return score == 0 ? 0 : score + (found.Add(name) ? DisguiseScore : 0);
    }

    private static int Match(string raw, string plain, SortedSet<string> found) =>
        InjectionFamilies.All.Where(family => !found.Contains(family.Name) && family.IsIn(family.IsRaw ? raw : plain) && found.Add(family.Name)).Sum(family => family.Score);
}
