using System.CommandLine;
using Blackwall.Cli.Connection;
using Blackwall.Cli.Tables;

namespace Blackwall.Cli.Help;

/// <summary>The help of a verb, from its place in the tree.</summary>
/// <param name="program">How the operator calls this program.</param>
/// <param name="width">Columns, 20 or more.</param>
internal sealed class HelpText(string program, int width)
{
    private const int LongestTerm = 28;

    private static readonly (VerbGroup Group, string Title)[] Groups =
    [
        (VerbGroup.Look, "look"),
        (VerbGroup.Decide, "decide"),
        (VerbGroup.Try, "try before it stays"),
        (VerbGroup.Records, "records"),
        (VerbGroup.Machine, "this machine"),
    ];

    public void Write(TextWriter output, Command command)
    {
        output.WriteLine(Usage(command));
        output.WriteLine();
        Paragraph(output, Sentence(command.Description ?? ""));
        foreach (string paragraph in (command as Verb)?.More ?? [])
        {
            output.WriteLine();
            Paragraph(output, paragraph);
        }

        Terms(output, null, command.Arguments.Select(argument => (Term(argument), argument.Description ?? "")));
        foreach ((string title, IEnumerable<Command> verbs) in Sections(command))
        {
            Terms(output, title, verbs.Select(verb => (Term(verb), verb.Description ?? "")));
        }

        (IReadOnlyList<Option> own, IReadOnlyList<Option> common) = Options(command);
        Terms(output, "options", own.Select(option => (Term(option), option.Description ?? "")));
        Terms(output, "options of every verb that speaks to an appliance", common.Select(option => (Term(option), option.Description ?? "")));
        Terms(output, "examples", ((command as Verb)?.Examples ?? []).Select(example => ($"{program} {example.Line}", example.What)));
        output.WriteLine();
        Paragraph(output, command.Subcommands.Count > 0
            ? $"'{program} VERB --help' tells more about each, '{program} help {HelpVerb.ExitCodes}' what exit codes mean."
            : $"'{program} help {HelpVerb.ExitCodes}' tells what exit codes mean.");
    }

    /// <summary>"usage: blackwall block SCOPE... [--ttl TIME]".</summary>
    public string Usage(Command command)
    {
        string words = string.Join(' ', Path(command).Prepend(program));
        if (command.Subcommands.Count > 0 && command.Arguments.Count == 0)
        {
            return command.Action is null || command is not Verb ? $"usage: {words} VERB [options]" : $"usage: {words} [VERB] [options]";
        }

        string arguments = string.Concat(command.Arguments.Select(argument => argument.Arity.MinimumNumberOfValues == 0 ? $" [{Term(argument)}]" : $" {Term(argument)}"));
        (IReadOnlyList<Option> own, IReadOnlyList<Option> common) = Options(command);
        string options = string.Concat(own.Where(option => option.Action is null).Select(option => $" [{Term(option)}]{(IsMany(option) ? "..." : "")}"));
        return $"usage: {words}{arguments}{options}{(common.Count > 0 ? " [options]" : "")}";
    }

    /// <summary>Verbs by what they are for; those that are hidden are not told.</summary>
    public static IEnumerable<(string Title, IEnumerable<Command> Verbs)> Sections(Command command)
    {
        Command[] told = [.. command.Subcommands.Where(below => !below.Hidden)];
        foreach ((VerbGroup group, string title) in Groups)
        {
            Command[] verbs = [.. told.Where(verb => verb is Verb { Group: var own } && own == group)];
            if (verbs.Length > 0)
            {
                yield return (title, verbs);
            }
        }

        if (told.Where(verb => verb is not Verb).ToArray() is { Length: > 0 } others)
        {
            yield return (command is RootCommand ? "the same again" : "verbs", others);
        }
    }

    /// <summary>Options of the command, and those that it shares with all that speak to an appliance.</summary>
    public static (IReadOnlyList<Option> Own, IReadOnlyList<Option> Common) Options(Command command)
    {
        Option[] all = [.. command.Options.Concat(command.Parents.OfType<Command>().SelectMany(above => Above(above))).Where(option => !option.Hidden)];
        return ([.. all.Where(option => !IsCommon(option))], [.. all.Where(IsCommon)]);
    }

    /// <summary>The verbs that lead to it: "keys", "add".</summary>
    public static IEnumerable<string> Path(Command command) =>
        command is RootCommand ? [] : [.. command.Parents.OfType<Command>().Take(1).SelectMany(Path), command.Name];

    public static string Term(Symbol symbol) => symbol switch
    {
        Option option => string.Join(", ", option.Aliases.Append(option.Name)) + (option.Arity.MaximumNumberOfValues > 0 ? $" {option.HelpName ?? "VALUE"}" : ""),
        Argument argument => argument.Name + (IsMany(argument) ? "..." : ""),
        Command command => string.Join(' ', command.Arguments.Select(Term).Prepend(command.Name)),
        _ => symbol.Name,
    };

    private static IEnumerable<Option> Above(Command command) =>
        command.Options.Where(option => option.Recursive).Concat(command.Parents.OfType<Command>().SelectMany(Above));

    // Options with the same name mean something else at a verb that speaks to no appliance.
    private static bool IsCommon(Option option) => ConnectionOptions.Names.Contains(option.Name, StringComparer.Ordinal) && option.Recursive;

    private static bool IsMany(Argument argument) => argument.Arity.MaximumNumberOfValues > 1;

    private static bool IsMany(Option option) => option.Arity.MaximumNumberOfValues > 1;

    private static string Sentence(string text) => text.Length == 0 ? text : $"{char.ToUpperInvariant(text[0])}{text[1..]}{(text.EndsWith('.') ? "" : ".")}";

    private void Paragraph(TextWriter output, string text)
    {
        foreach (string line in Table.Fold(text, width))
        {
            output.WriteLine(line);
        }
    }

    private void Terms(TextWriter output, string? title, IEnumerable<(string Term, string About)> terms)
    {
        (string Term, string About)[] all = [.. terms];
        if (all.Length == 0)
        {
            return;
        }

        output.WriteLine();
        if (title is not null)
        {
            output.WriteLine($"{title}:");
        }

        int column = Math.Min(all.Max(line => line.Term.Length), LongestTerm) + 4;
        foreach ((string term, string about) in all)
        {
            string[] lines = Table.Fold(about, Math.Max(width - column, 20));
            bool beside = term.Length + 4 <= column;
            output.WriteLine(beside ? $"  {term}".PadRight(column) + lines[0] : $"  {term}");
            foreach (string line in lines.Skip(beside ? 1 : 0))
            {
                output.WriteLine(new string(' ', column) + line);
            }
        }
    }
}
