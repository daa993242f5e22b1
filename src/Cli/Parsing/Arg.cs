using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Blackwall.Cli.Parsing;

/// <summary>What a verb is about, each of a kind that says in plain words what it takes.</summary>
internal static class Arg
{
    public static Argument<string> Text(string name, string description) => new(name) { Description = description };

    public static Argument<string?> OptionalText(string name, string description) => new(name) { Description = description, Arity = ArgumentArity.ZeroOrOne };

    public static Argument<string[]> Texts(string name, string description) => new(name) { Description = description, Arity = ArgumentArity.OneOrMore };

    public static Argument<string[]> OptionalTexts(string name, string description) => new(name) { Description = description, Arity = ArgumentArity.ZeroOrMore, DefaultValueFactory = _ => [] };

    public static Argument<long> Id(string name, string description) => new(name) { Description = description, CustomParser = result => Parse(result, result.Tokens[^1].Value) };

    public static Argument<long[]> OptionalIds(string name, string description) => new(name)
    {
        Description = description,
        Arity = ArgumentArity.ZeroOrMore,
        DefaultValueFactory = _ => [],
        CustomParser = result => [.. result.Tokens.Select(token => Parse(result, token.Value))],
    };

    /// <summary>One of these words.</summary>
    public static Argument<string> Word(string name, string description, params string[] words)
    {
        Argument<string> argument = new(name) { Description = description };
        argument.AcceptOnlyFromAmong(words);
        return argument;
    }

    private static long Parse(ArgumentResult result, string text)
    {
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long id))
        {
            result.AddError($"'{text}' is not an id, which is a number.");
        }

        return id;
    }
}
