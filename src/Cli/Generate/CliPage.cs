using System.CommandLine;
using System.Globalization;
using System.Text;
using Blackwall.Cli.Help;

namespace Blackwall.Cli.Generate;

/// <summary>docs/CLI.md.</summary>
internal static class CliPage
{
    public static string Of(Command root)
    {
        StringBuilder page = new();
        page.Append("""
            # The command line

            Made by `blackwall generate docs docs`; a test holds it against the program. `blackwall VERB --help` tells the same about one verb,
            and so does `man blackwall-VERB`. In the source tree it is `./blackwall`. `blackwall ctl VERB` is the same as `blackwall VERB`.

            Lengths of time are written `90s`, `15m`, `1h30m` or `7d`, and `never` where no end is meant. Times are UTC. Tables fold to the width of
            the terminal; without one, each row is one line. `--json` prints what the API answers.


            """);
        foreach ((string title, IEnumerable<Command> verbs) in HelpText.Sections(root).Where(section => section.Verbs.Any(verb => verb is Verb)))
        {
            page.Append(CultureInfo.InvariantCulture, $"## {char.ToUpperInvariant(title[0])}{title[1..]}\n\n");
            foreach (Command command in verbs.SelectMany(verb => VerbTree.All(root).Where(below => below == verb || below.Parents.Contains(verb))))
            {
                Verb(page, command);
            }
        }

        page.Append("## Options of every verb\n\n");
        Options(page, HelpText.Options(root).Own);
        page.Append("## Which appliance\n\n");
        Options(page, HelpText.Options(root.Subcommands[0]).Common);
        page.Append("## Environment\n\n");
        foreach ((string name, string meaning) in CliEnvironment.All)
        {
            page.Append(CultureInfo.InvariantCulture, $"- `{name}`: {meaning}\n");
        }

        page.Append("\n## Exit codes\n\n| code | meaning |\n| --- | --- |\n");
        foreach ((int code, string meaning) in CliExit.All)
        {
            page.Append(CultureInfo.InvariantCulture, $"| {code} | {meaning} |\n");
        }

        return page.ToString();
    }

    private static void Verb(StringBuilder page, Command command)
    {
        page.Append(CultureInfo.InvariantCulture, $"### {VerbTree.Words(command)}\n\n`{new HelpText("blackwall", 100).Usage(command)["usage: ".Length..]}`\n\n");
        page.Append(CultureInfo.InvariantCulture, $"{command.Description}\n\n");
        foreach (string paragraph in (command as Verb)?.More ?? [])
        {
            page.Append(paragraph).Append("\n\n");
        }

        foreach (Argument argument in command.Arguments)
        {
            page.Append(CultureInfo.InvariantCulture, $"- `{argument.Name}`: {argument.Description}\n");
        }

        Options(page, HelpText.Options(command).Own.Where(option => option.Action is null));
        foreach ((string line, string what) in (command as Verb)?.Examples ?? [])
        {
            page.Append(CultureInfo.InvariantCulture, $"`blackwall {line}`: {what}\n\n");
        }
    }

    private static void Options(StringBuilder page, IEnumerable<Option> options)
    {
        foreach (Option option in options)
        {
            page.Append(CultureInfo.InvariantCulture, $"- `{HelpText.Term(option)}`: {option.Description}\n");
        }

        page.Append('\n');
    }
}
