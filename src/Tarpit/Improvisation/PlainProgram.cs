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
            int number = program.Aggregate(7, (hash, c) => unchecked((hash * 31) + c) & 0xFFFF);
            await invocation.PrintAsync(string.Create(CultureInfo.InvariantCulture, $"{program} {1 + (number % 5)}.{number / 5 % 30}.{number / 150 % 10}\n"));
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
}
