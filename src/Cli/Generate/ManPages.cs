using System.CommandLine;
using System.Globalization;
using System.Text;
using Blackwall.Cli.Connection;
using Blackwall.Cli.Help;

namespace Blackwall.Cli.Generate;

/// <summary>blackwall(1), and blackwall-VERB(1) for each verb, in the man macros that groff and mandoc both know.</summary>
internal static class ManPages
{
    public static IEnumerable<(string File, string Text)> Of(Command root) => root.Subcommands
        .Where(verb => !verb.Hidden && verb.Name is not "ctl")
        .Select(verb => ($"blackwall-{verb.Name}.1", Verb(verb)))
        .Prepend(("blackwall.1", Overview(root)));

    private static string Overview(Command root)
    {
        StringBuilder page = Head("blackwall", "firewall in the kernel at the edge of a network");
        Section(page, "SYNOPSIS", $".B blackwall\n.I VERB\n{Roff("[options]")}\n");
        Section(page, "DESCRIPTION", Roff("Asks and steers a running appliance, and runs one on this machine. Each verb has a page of its own, blackwall-VERB(1). Without arguments it explains itself and attaches to nothing.") + "\n");
        page.Append(".SH VERBS\n");
        foreach ((string title, IEnumerable<Command> verbs) in HelpText.Sections(root))
        {
            page.Append(CultureInfo.InvariantCulture, $".SS {Roff(Capital(title))}\n");
            foreach (Command verb in verbs)
            {
                Term(page, $"\\fB{Roff(verb.Name)}\\fR{Roff(HelpText.Term(verb)[verb.Name.Length..])}", verb.Description ?? "");
            }
        }

        page.Append(".SH OPTIONS\n");
        foreach (Option option in VerbTree.Options(root))
        {
            Term(page, Name(option), option.Description ?? "");
        }

        page.Append(".SH TIMES\n").Append(Roff("Lengths of time are written 90s, 15m, 1h30m or 7d in every option, and never where no end is meant. Times are UTC.")).Append('\n');
        page.Append(".SH \"EXIT STATUS\"\n");
        foreach ((int code, string meaning) in CliExit.All)
        {
            Term(page, $"\\fB{code.ToString(CultureInfo.InvariantCulture)}\\fR", meaning);
        }

        page.Append(".SH ENVIRONMENT\n");
        foreach ((string name, string meaning) in CliEnvironment.All)
        {
            Term(page, $"\\fB{name}\\fR", meaning);
        }

        page.Append(".SH FILES\n");
        Term(page, "\\fI/etc/blackwall/blackwall.toml\\fR", "the configuration");
        Term(page, $"\\fI{ConnectionChoice.DefaultSocket}\\fR", "the local socket, which needs no key");
        Term(page, $"\\fI{ConnectionChoice.DefaultKeyFile}\\fR", "the first key");
        return page.ToString();
    }

    private static string Verb(Command verb)
    {
        StringBuilder page = Head($"blackwall-{verb.Name}", verb.Description ?? "");
        string usage = new HelpText("blackwall", 80).Usage(verb)["usage: ".Length..];
        Section(page, "SYNOPSIS", Roff(usage) + "\n");
        page.Append(".SH DESCRIPTION\n").Append(Roff($"{Capital(verb.Description ?? "")}.")).Append('\n');
        foreach (string paragraph in (verb as Verb)?.More ?? [])
        {
            page.Append(".PP\n").Append(Roff(paragraph)).Append('\n');
        }

        Arguments(page, verb);
        foreach (Command below in VerbTree.All(verb).Where(below => below != verb))
        {
            page.Append(CultureInfo.InvariantCulture, $".SH \"{Roff(VerbTree.Words(below)).ToUpperInvariant()}\"\n");
            page.Append(Roff(new HelpText("blackwall", 80).Usage(below)["usage: ".Length..])).Append("\n.PP\n").Append(Roff($"{Capital(below.Description ?? "")}.")).Append('\n');
            Arguments(page, below);
            foreach (Option option in HelpText.Options(below).Own.Where(option => option.Action is null))
            {
                Term(page, Name(option), option.Description ?? "");
            }
        }

        (IReadOnlyList<Option> own, IReadOnlyList<Option> common) = HelpText.Options(verb);
        page.Append(".SH OPTIONS\n");
        foreach (Option option in own.Concat(common))
        {
            Term(page, Name(option), option.Description ?? "");
        }

        if ((verb as Verb)?.Examples is { Count: > 0 } examples)
        {
            page.Append(".SH EXAMPLES\n");
            foreach ((string line, string what) in examples)
            {
                Term(page, $"\\fBblackwall {Roff(line)}\\fR", what);
            }
        }

        return page.Append(".SH \"SEE ALSO\"\n.BR blackwall (1)\n").ToString();
    }

    private static void Arguments(StringBuilder page, Command command)
    {
        foreach (Argument argument in command.Arguments)
        {
            Term(page, $"\\fI{Roff(argument.Name)}\\fR", argument.Description ?? "");
        }
    }

    private static StringBuilder Head(string name, string about) => new StringBuilder()
        .Append(CultureInfo.InvariantCulture, $".TH {name.ToUpperInvariant()} 1 \"\" \"Blackwall {VersionAction.Version}\" \"Blackwall\"\n")
        .Append(CultureInfo.InvariantCulture, $".SH NAME\n{Roff(name)} \\- {Roff(about)}\n");

    private static void Section(StringBuilder page, string title, string text) => page.Append(CultureInfo.InvariantCulture, $".SH {title}\n{text}");

    private static void Term(StringBuilder page, string term, string about) => page.Append(CultureInfo.InvariantCulture, $".TP\n{term}\n{Roff(about)}\n");

    private static string Name(Option option) => $"\\fB{Roff(string.Join(", ", option.Aliases.Append(option.Name)))}\\fR{(option.Arity.MaximumNumberOfValues > 0 ? $" \\fI{Roff(option.HelpName ?? "VALUE")}\\fR" : "")}";

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    // A hyphen that is typed is \-; a line that begins with a dot or a quote would be a request.
    private static string Roff(string text)
    {
        string safe = text.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal);
        return safe.StartsWith('.') || safe.StartsWith('\'') ? "\\&" + safe : safe;
    }
}
