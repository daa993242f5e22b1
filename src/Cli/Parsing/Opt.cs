using System.CommandLine;
using System.Globalization;
using Blackwall.Cli.Words;

namespace Blackwall.Cli.Parsing;

/// <summary>Options, each of a kind that says in plain words what it takes.</summary>
internal static class Opt
{
    public const string DurationWords = "write 90s, 15m, 1h30m or 7d";

    public static Option<bool> Flag(string name, string description) => new(name) { Description = description, Arity = ArgumentArity.Zero };

    public static Option<string?> Text(string name, string value, string description) => new(name) { Description = description, HelpName = value };

    public static Option<string[]> Texts(string name, string value, string description) => new(name) { Description = description, HelpName = value, DefaultValueFactory = _ => [] };

    /// <summary>Seconds; null: not given.</summary>
    public static Option<long?> Duration(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            string text = result.Tokens[^1].Value;
            if (!Words.Duration.TryParse(text, out long seconds))
            {
                result.AddError($"{name} {text}: {DurationWords}.");
            }

            return seconds;
        },
    };

    /// <summary>Seconds; 0: never, the word for "no end".</summary>
    public static Option<long?> DurationOrNever(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            string text = result.Tokens[^1].Value;
            if (text is not "never" && !Words.Duration.TryParse(text, out _))
            {
                result.AddError($"{name} {text}: {DurationWords}, or never.");
            }

            return Words.Duration.TryParse(text, out long seconds) ? seconds : 0;
        },
    };

    /// <summary>A whole number above 0.</summary>
    public static Option<int?> Number(string name, string value, string description) => new(name)
    {
        Description = description,
        HelpName = value,
        CustomParser = result =>
        {
            string text = result.Tokens[^1].Value;
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number == 0)
            {
                result.AddError($"{name} {text}: a whole number above 0.");
            }

            return number;
        },
    };

    /// <summary>One of a closed list of words.</summary>
    public static Option<string?> Word(string name, string value, string description, params string[] words)
    {
        Option<string?> option = new(name)
        {
            Description = $"{description}: {string.Join(", ", words)}",
            HelpName = value,
            CustomParser = result =>
            {
                string text = result.Tokens[^1].Value;
                if (!words.Contains(text, StringComparer.Ordinal))
                {
                    result.AddError(NoWord(name, text, words));
                }

                return text;
            },
        };
        option.CompletionSources.Add(_ => words.Select(word => new System.CommandLine.Completions.CompletionItem(word)));
        return option;
    }

    /// <summary>"--mode: must be one of off, observe, enforce; got 'enfroce'; did you mean 'enforce'?"</summary>
    public static string NoWord(string name, string text, IReadOnlyCollection<string> words) =>
        $"{name} must be one of {string.Join(", ", words)}; got '{text}'{NearestWord.Suggest(text, words).TrimEnd('?')}{(NearestWord.Find(text, words) is null ? "." : "?")}";
}
