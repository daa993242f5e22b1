using System.CommandLine;
using System.Globalization;
using System.Text;

namespace Blackwall.Cli.Generate;

/// <summary>Completion for bash: the words of the verb that stands on the line so far.</summary>
internal static class BashCompletion
{
    public static string Of(Command root)
    {
        StringBuilder script = new();
        script.Append("""
            # Completion of blackwall for bash. Made by 'blackwall generate bash'.
            _blackwall() {
                local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} path= word at
                for ((at = 1; at < COMP_CWORD; at++)); do
                    word=${COMP_WORDS[at]}
                    [[ $word == -* || $word == ctl ]] && continue
                    case "$path $word" in

            """);
        foreach (Command verb in VerbTree.All(root).Where(verb => verb.Name is not "ctl"))
        {
            script.Append(CultureInfo.InvariantCulture, $"            ' {VerbTree.Words(verb)}') path=' {VerbTree.Words(verb)}' ;;\n");
        }

        script.Append("        esac\n    done\n    COMPREPLY=()\n    case \"$path:$previous\" in\n");
        foreach (Command verb in VerbTree.All(root))
        {
            foreach (Option option in VerbTree.Options(verb).Where(option => option.Arity.MaximumNumberOfValues > 0))
            {
                string words = string.Join(' ', VerbTree.Values(option));
                string reply = words.Length > 0 ? $"mapfile -t COMPREPLY < <(compgen -W '{words}' -- \"$current\")" : VerbTree.IsFile(option) ? "mapfile -t COMPREPLY < <(compgen -f -- \"$current\")" : ":";
                script.Append(CultureInfo.InvariantCulture, $"        ' {VerbTree.Words(verb)}:{option.Name}') {reply}; return ;;\n");
            }
        }

        script.Append("    esac\n    case $path in\n");
        foreach (Command command in VerbTree.All(root).Where(verb => verb.Name is not "ctl").Prepend(root))
        {
            string path = command == root ? "" : $" {VerbTree.Words(command)}";
            IEnumerable<string> words = command.Subcommands.Where(below => !below.Hidden).Select(below => below.Name).Concat(VerbTree.Options(command).Select(option => option.Name));
            string files = command.Arguments.Any(VerbTree.IsFile) ? " -f" : "";
            script.Append(CultureInfo.InvariantCulture, $"        '{path}') mapfile -t COMPREPLY < <(compgen{files} -W '{string.Join(' ', words)}' -- \"$current\") ;;\n");
        }

        return script.Append("    esac\n}\ncomplete -o filenames -F _blackwall blackwall\n").ToString();
    }
}
