namespace Blackwall.Tarpit.Improvisation;

/// <summary>
/// Which commands may be told to a model: programs with options, names, paths, numbers and addresses. Sentences, other scripts, encoded data and long
/// names stay here, so that a peer has no room for instructions to the model.
/// </summary>
internal static class CommandShape
{
    public const int LongestWord = 64;
    public const int LongestPath = 128;

    // Of the parts of one argument, as dashes, dots and slashes divide them.
    private const int LongestPart = 24;
    private const int MostParts = 12;
    private const int MostLetters = 200;

    /// <summary>Whether a model may be told of this command.</summary>
    public static bool MayBeTold(string program, IReadOnlyList<string> arguments) =>
        arguments.Count <= ImprovisationQuestion.MostArguments && IsWord(program) && arguments.All(IsWord) && arguments.Sum(argument => argument.Length) <= MostLetters
        && !Injection.InjectionDetector.Scan(string.Join(' ', arguments)).IsFound;

    /// <summary>Whether a text is one word: printable ASCII without spaces and quotes, not long, of few short parts.</summary>
    public static bool IsWord(string text)
    {
        if (text is not { Length: > 0 and <= LongestWord })
        {
            return false;
        }

        int part = 0, parts = 1;
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.' or '/' or ':' or '=' or ',' or '+' or '@' or '%' or '~' or '*'))
            {
                return false;
            }

            part = char.IsAsciiLetterOrDigit(c) ? part + 1 : 0;
            parts += char.IsAsciiLetterOrDigit(c) ? 0 : 1;
            if (part > LongestPart || parts > MostParts)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a text is an absolute path of words.</summary>
    public static bool IsPath(string text) =>
        text is { Length: > 0 and <= LongestPath } && text[0] == '/' && text.Split('/', StringSplitOptions.RemoveEmptyEntries).All(IsWord) && !Injection.InjectionDetector.Scan(text).IsFound;

    /// <summary>What a program may print.</summary>
    public static OutputClass Classify(string program, IReadOnlyList<string> arguments) =>
        arguments.Any(argument => argument is "--version" or "-V") ? OutputClass.Version
        : arguments.Any(argument => argument is "--help" or "-h") ? OutputClass.Help
        : s_silent.Contains(program) ? OutputClass.Silent : OutputClass.Report;

    private static readonly HashSet<string> s_silent = new(StringComparer.Ordinal)
    {
        "a2enmod", "chattr", "chgrp", "chroot", "fsfreeze", "ldconfig", "logger", "mesg", "mkfifo", "mknod", "modprobe", "rmmod", "insmod", "run-parts", "setcap", "setfacl", "shred", "stdbuf", "swapoff",
        "swapon", "sync", "unlink", "update-rc.d", "wall", "fallocate", "truncate", "ionice", "renice", "chrt", "taskset", "losetup", "setterm", "setpci",
    };
}
