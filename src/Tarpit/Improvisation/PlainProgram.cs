using System.Globalization;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Improvisation;

/// <summary>What a program of the machine does that nobody knows: tells its version and use, complains of what is missing as most programs do, and else does nothing.</summary>
internal static class PlainProgram
{
    public static async ValueTask<int> RunAsync(Invocation invocation)
    {
        string program = invocation.Name.Split('/')[^1];
        OutputClass expected = CommandShape.Classify(program, invocation.Arguments);
        if (expected is OutputClass.Version)
        {
            await invocation.PrintAsync(Version(invocation, program) + "\n");
            return 0;
        }

        if (expected is OutputClass.Help)
        {
            await invocation.PrintAsync($"Usage: {program} [OPTION]... [FILE]...\n\n  -h, --help     display this help and exit\n  -V, --version  output version information and exit\n");
            return 0;
        }

        string[] unknown = [.. invocation.Arguments.Where(argument => argument.StartsWith("--", StringComparison.Ordinal) && argument.Length > 2 && argument.Contains(' ', StringComparison.Ordinal))];
        if (unknown.Length > 0)
        {
            return await invocation.FailAsync($"unrecognized option '{unknown[0]}'");
        }

        // A file that it is to read and that is not there.
        foreach (string operand in invocation.Operands.Where(operand => operand.Contains('/', StringComparison.Ordinal)))
        {
            if (invocation.Files.Find(invocation.State.Path(operand)) is not { } node)
            {
                return await invocation.FailAsync($"{operand}: No such file or directory");
            }

            if (!Access.MayRead(node, invocation.State.Visit.UserId))
            {
                return await invocation.FailAsync($"{operand}: Permission denied");
            }
        }

        return 0;
    }

    // That of the package which brought it; a number made up from its name if none did.
    private static string Version(Invocation invocation, string program)
    {
        string? path = invocation.Name.Contains('/', StringComparison.Ordinal) ? invocation.State.Path(invocation.Name) : invocation.Interpreter.FindProgram(program);
        if (path is null || invocation.Machine.Packages.Owner(path) is not { } owner)
        {
            int number = program.Aggregate(7, (hash, c) => unchecked((hash * 31) + c) & 0xFFFF);
            return string.Create(CultureInfo.InvariantCulture, $"{program} {1 + (number % 5)}.{number / 5 % 30}.{number / 150 % 10}");
        }

        // "1:2.39.3-9ubuntu6" is 2.39.3 of its authors.
        string version = owner.Version[(owner.Version.IndexOf(':', StringComparison.Ordinal) + 1)..];
        version = version[..(version.LastIndexOf('-') is > 0 and var dash ? dash : version.Length)].Split('+', '~')[0];
        return owner.Name switch
        {
            "coreutils" or "findutils" or "diffutils" or "inetutils-tools" or "mailutils" => $"{program} (GNU {owner.Name.Split('-')[0]}) {version}",
            "util-linux" or "bsdextrautils" or "bsdutils" or "mount" or "fdisk" or "eject" or "util-linux-extra" => $"{program} from util-linux {version}",
            _ => $"{program} {version}",
        };
    }
}
