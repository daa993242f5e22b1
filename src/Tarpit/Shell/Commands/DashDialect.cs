using System.Collections.Frozen;
using Blackwall.Tarpit.Shell.Syntax;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>What /bin/sh, which is dash, has otherwise than bash: fewer builtins, no arrays, lists in braces or here-strings, and words of its own for what is wrong.</summary>
internal static class DashDialect
{
    private static readonly FrozenSet<string> s_lacked = FrozenSet.Create(StringComparer.Ordinal,
        "source", "let", "declare", "typeset", "shopt", "history", "mapfile", "readarray", "enable", "help", "builtin", "caller", "compgen", "complete", "compopt", "dirs", "pushd", "popd", "disown", "logout", "suspend", "bind", "[[", "((");

    private static readonly FrozenSet<string> s_unset = FrozenSet.Create(StringComparer.Ordinal,
        "RANDOM", "SRANDOM", "SECONDS", "HOSTNAME", "BASH_VERSION", "OSTYPE", "HOSTTYPE", "MACHTYPE", "BASH", "SHELLOPTS", "BASHOPTS", "BASH_SUBSHELL", "BASH_COMMAND", "GROUPS", "UID", "EUID", "EPOCHSECONDS", "EPOCHREALTIME", "BASHPID", "FUNCNAME", "DIRSTACK");

    /// <summary>Whether a name is program of its own name only, if there is one.</summary>
    public static bool Lacks(string name) => s_lacked.Contains(name);

    /// <summary>Whether a variable that bash has of itself is none here.</summary>
    public static bool IsUnset(string name) => s_unset.Contains(name);

    /// <summary>Whether a name is that of a shell that speaks this dialect.</summary>
    public static bool IsName(string program) => Entries.Places.Base(program) is "sh" or "dash";

    /// <summary>What dash says of text that is no grammar.</summary>
    public static string Describe(SyntaxException error, string name)
    {
        const string near = "syntax error near unexpected token `";
        string text = error.Message.StartsWith(near, StringComparison.Ordinal) ? error.Message[near.Length..].TrimEnd('\'') switch
        {
            "newline" => "newline unexpected",
            "redirection" => "redirection unexpected",
            var token => $"{(IsOperator(token) ? $"\"{token}\"" : "word")} unexpected",
        }
            : error.Message.Contains("matching `\"'", StringComparison.Ordinal) || error.Message.Contains("matching `''", StringComparison.Ordinal) ? "Unterminated quoted string"
            : error.Message.Contains("matching ``'", StringComparison.Ordinal) ? "EOF in backquote substitution"
            : error.Message.Contains("matching `)'", StringComparison.Ordinal) ? "end of file unexpected (expecting \")\")"
            : error.Message.Contains("matching `}'", StringComparison.Ordinal) ? "Missing '}'"
            : "end of file unexpected";
        return FormattableString.Invariant($"{name}: {error.Line}: Syntax error: {text}\n");
    }

    private static bool IsOperator(string token) => token.All(c => "();&|<>".Contains(c, StringComparison.Ordinal)) || token is "fi" or "then" or "else" or "elif" or "do" or "done" or "esac" or "}" or "in";
}
