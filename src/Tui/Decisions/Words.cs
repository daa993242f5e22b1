using Blackwall.Tui.Widgets;

namespace Blackwall.Tui.Decisions;

/// <summary>The words that the console shares with API, command line and documents.</summary>
internal static class Words
{
    public const string Any = "any";
    public static readonly string[] Verdicts = ["drop", "rate-limit", "redirect", "pass"];
    public static readonly string[] Origins = ["guard", "operator", "local", "model", "mesh", "feed"];

    public static Tone ToneOf(string verdict) => verdict switch
    {
        "drop" => Tone.Bad,
        "pass" => Tone.Good,
        _ => Tone.Warning,
    };

    /// <summary>The next of "any" and these words.</summary>
    public static string After(string word, string[] words)
    {
        int index = Array.IndexOf(words, word);
        return index == words.Length - 1 ? Any : words[index + 1];
    }
}
