using System.Text.RegularExpressions;

namespace Blackwall.Tarpit.Injection;

/// <summary>One way to give orders to a language model.</summary>
/// <param name="name">As it is told.</param>
/// <param name="score">How much one hit says; <see cref="InjectionFinding.Told"/> by itself is told.</param>
/// <param name="pattern">Over text that <see cref="InjectionText"/> made plain, or over the text as it came (<paramref name="isRaw"/>). Linear in the text.</param>
internal sealed class InjectionFamily(string name, int score, string pattern, bool isRaw = false)
{
    private readonly Regex _pattern = new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture);

    public string Name => name;

    public int Score => score;

    public bool IsRaw => isRaw;

    public bool IsIn(string text) => _pattern.IsMatch(text);
}
