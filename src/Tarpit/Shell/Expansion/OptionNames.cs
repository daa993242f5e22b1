namespace Blackwall.Tarpit.Shell.Expansion;

/// <summary>Options of set and shopt.</summary>
internal static class OptionNames
{
    private static readonly (char Letter, string Name)[] Set =
    [
        ('a', "allexport"), ('B', "braceexpand"), ('\0', "emacs"), ('e', "errexit"), ('E', "errtrace"), ('T', "functrace"), ('h', "hashall"), ('H', "histexpand"), ('\0', "history"), ('\0', "ignoreeof"), ('\0', "interactive-comments"),
        ('k', "keyword"), ('m', "monitor"), ('C', "noclobber"), ('n', "noexec"), ('f', "noglob"), ('\0', "nolog"), ('b', "notify"), ('u', "nounset"), ('t', "onecmd"), ('P', "physical"), ('\0', "pipefail"), ('\0', "posix"), ('p', "privileged"),
        ('v', "verbose"), ('\0', "vi"), ('x', "xtrace"),
    ];

    /// <summary>Names of shopt, and whether they are on at the start.</summary>
    public static IReadOnlyList<(string Name, bool IsOn)> OfShopt { get; } =
    [
        ("autocd", false), ("assoc_expand_once", false), ("cdable_vars", false), ("cdspell", false), ("checkhash", false), ("checkjobs", false), ("checkwinsize", true), ("cmdhist", true), ("compat31", false), ("compat32", false),
        ("compat40", false), ("compat41", false), ("compat42", false), ("compat43", false), ("compat44", false), ("complete_fullquote", true), ("direxpand", false), ("dirspell", false), ("dotglob", false), ("execfail", false),
        ("expand_aliases", false), ("extdebug", false), ("extglob", false), ("extquote", true), ("failglob", false), ("force_fignore", true), ("globasciiranges", true), ("globskipdots", true), ("globstar", false), ("gnu_errfmt", false), ("histappend", false),
        ("histreedit", false), ("histverify", false), ("hostcomplete", true), ("huponexit", false), ("inherit_errexit", false), ("interactive_comments", true), ("lastpipe", false), ("lithist", false), ("localvar_inherit", false),
        ("localvar_unset", false), ("login_shell", false), ("mailwarn", false), ("no_empty_cmd_completion", false), ("nocaseglob", false), ("nocasematch", false), ("noexpand_translation", false), ("nullglob", false),
        ("patsub_replacement", true), ("progcomp", true), ("progcomp_alias", false), ("promptvars", true), ("restricted_shell", false), ("shift_verbose", false), ("sourcepath", true), ("varredir_close", false), ("xpg_echo", false),
    ];

    /// <summary>Kept among the options of a shell that reads its commands from its input; the blank is in no option's name.</summary>
    public const string ReadsInput = "reads input";

    public static IEnumerable<string> OfSet => Set.Select(option => option.Name);

    public static bool IsOfSet(string name) => Array.Exists(Set, option => string.Equals(option.Name, name, StringComparison.Ordinal));

    /// <summary>The name of a letter of set; null: there is none.</summary>
    public static string? Find(char letter) => Array.Find(Set, option => option.Letter == letter).Name;

    /// <summary>$-, without what the shell was called with.</summary>
    public static string Letters(ShellState state) => string.Concat(Set.Where(option => option.Letter != '\0' && state.Has(option.Name)).Select(option => option.Letter).OrderBy(letter => char.IsUpper(letter) ? 1 : 0).ThenBy(letter => letter));
}
