using System.CommandLine;
using System.CommandLine.Parsing;
using Blackwall.Cli.Words;

namespace Blackwall.Cli.Parsing;

/// <summary>Why a command line is not understood, in one sentence of plain words.</summary>
internal static class Misunderstanding
{
    /// <summary>Null: it is understood.</summary>
    public static string? Of(ParseResult line)
    {
        Command command = line.CommandResult.Command;
        return Stray(line, command)
            ?? Unknown(line, command)
            ?? line.Errors.Select(error => Sentence(error, command)).FirstOrDefault();
    }

    // The parser takes a misspelled option for one more argument where several are allowed.
    private static string? Stray(ParseResult line, Command command)
    {
        int end = line.Tokens.ToList().FindIndex(token => token.Type == TokenType.DoubleDash);
        IEnumerable<Token> before = end < 0 ? line.Tokens : line.Tokens.Take(end);
        HashSet<Token> known = [.. line.CommandResult.Children.OfType<OptionResult>().SelectMany(option => option.Tokens)];
        return before
            .Where(token => token.Type == TokenType.Argument && token.Value is ['-', _, ..] && !known.Contains(token))
            .Select(token => NoOption(token.Value, command))
            .FirstOrDefault();
    }

    private static string? Unknown(ParseResult line, Command command)
    {
        if (line.UnmatchedTokens is not [{ } first, ..])
        {
            return null;
        }

        if (first.StartsWith('-') && first.Length > 1)
        {
            return NoOption(first, command);
        }

        string[] verbs = [.. command.Subcommands.Where(below => !below.Hidden).Select(below => below.Name)];
        return verbs.Length > 0
            ? $"Unknown verb '{first}'{NearestWord.Suggest(first, verbs)}{(NearestWord.Find(first, verbs) is null ? "." : "")}"
            : command.Arguments.Count == 0 ? $"'{command.Name}' takes no argument; got '{first}'." : $"'{command.Name}' takes one {command.Arguments[^1].Name}; got '{first}' too.";
    }

    private static string NoOption(string token, Command command)
    {
        string name = token.Split('=')[0];
        string[] options = [.. All(command).Where(option => !option.Hidden).Select(option => option.Name)];
        string told = command.Name is { } verb && command is not RootCommand ? $"{name} is not an option of '{verb}'" : $"{name} is not an option";
        return NearestWord.Find(name, options) is { } near ? $"{told}; did you mean '{near}'?" : $"{told}.";
    }

    private static string Sentence(ParseError error, Command command) => error.SymbolResult switch
    {
        OptionResult { Tokens.Count: 0 } option => $"{option.Option.Name} needs a value{(option.Option.HelpName is { } value ? $": {value}" : "")}.",
        OptionResult { Tokens.Count: > 1, Option.Arity.MaximumNumberOfValues: 1 } option => $"{option.Option.Name} is given more than once.",
        ArgumentResult { Tokens.Count: 0 } argument => $"'{command.Name}' needs {(argument.Argument.Arity.MaximumNumberOfValues > 1 ? "at least one" : "one")} {argument.Argument.Name}.",
        CommandResult when command.Subcommands.Count > 0 && command.Action is null => $"'{command.Name}' needs one of {string.Join(", ", command.Subcommands.Select(below => below.Name))}.",
        _ => error.Message,
    };

    private static IEnumerable<Option> All(Command command) =>
        command.Options.Concat(command.Parents.OfType<Command>().SelectMany(above => above.Options.Where(option => option.Recursive)));
}
