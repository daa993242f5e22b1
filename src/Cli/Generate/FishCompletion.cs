using System.CommandLine;
using System.Globalization;
using System.Text;

namespace Blackwall.Cli.Generate;

/// <summary>Completion for fish, with what each word does beside it.</summary>
internal static class FishCompletion
{
    public static string Of(Command root)
    {
        StringBuilder script = new();
        script.Append("""
            # Completion of blackwall for fish. Made by 'blackwall generate fish'.
            function __blackwall_at --description 'the words of the verb on the line are exactly these'
                set -l line
                for word in (commandline -opc)[2..]
                    string match -q -- '-*' $word; or test $word = ctl; or set -a line $word
                end
                set -l count (count $argv)
                test $count -eq 0; and test (count $line) -eq 0; and return 0
                test $count -gt 0; and test (count $line) -ge $count; and test "$line[1..$count]" = "$argv"
            end

            """);
        foreach (Command command in VerbTree.All(root).Where(verb => verb.Name is not "ctl").Prepend(root))
        {
            string at = command == root ? "__blackwall_at" : $"__blackwall_at {VerbTree.Words(command)}";
            if (!command.Arguments.Any(VerbTree.IsFile))
            {
                script.Append(CultureInfo.InvariantCulture, $"complete -c blackwall -n '{at}' -f\n");
            }

            foreach (Command below in command.Subcommands.Where(below => !below.Hidden))
            {
                script.Append(CultureInfo.InvariantCulture, $"complete -c blackwall -n '{at}' -a {below.Name} -d '{Quoted(below.Description ?? "")}'\n");
            }

            foreach (Option option in VerbTree.Options(command))
            {
                string value = option.Arity.MaximumNumberOfValues == 0 ? "" : VerbTree.Values(option) is { Count: > 0 } values ? $" -x -a '{string.Join(' ', values)}'" : VerbTree.IsFile(option) ? " -r -F" : " -x";
                script.Append(CultureInfo.InvariantCulture, $"complete -c blackwall -n '{at}' -l {option.Name[2..]}{value} -d '{Quoted(option.Description ?? "")}'\n");
            }
        }

        return script.ToString();
    }

    private static string Quoted(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal);
}
