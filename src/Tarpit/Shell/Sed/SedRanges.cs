namespace Blackwall.Tarpit.Shell.Sed;

/// <summary>Which lines the addresses of a command choose; a range stays open from line to line.</summary>
internal static class SedRanges
{
    /// <param name="fits">Whether one address is that of the line at hand.</param>
    public static bool Selects(SedCommand command, long number, bool isAtLast, Func<SedAddress, bool> fits)
    {
        if (command.First is not { } first)
        {
            return true;
        }

        if (command.Second is not { } second)
        {
            return fits(first);
        }

        if (!command.IsOpen)
        {
            bool fromZero = first is { Kind: 'n', Line: 0 };
            // A line that another command took before this one saw it still opens a range of numbers.
            bool isLate = first is { Kind: 'n', Line: > 0 } && !command.IsClosed && number > first.Line && (second.Kind is not 'n' || second.Line >= number) && second.Kind is not ('+' or 'm');
            return (isLate || fits(first) || (fromZero && number == 1 && second.Kind == '/')) && Open(command, second, fromZero, number, isAtLast, fits);
        }

        if (command.End >= 0)
        {
            command.IsOpen = number < command.End;
            command.IsClosed = !command.IsOpen;
            return number <= command.End || fits(first);
        }

        command.IsOpen = !fits(second);
        command.IsClosed = !command.IsOpen;
        return true;
    }

    private static bool Open(SedCommand command, SedAddress second, bool fromZero, long number, bool isAtLast, Func<SedAddress, bool> fits)
    {
        command.End = second.Kind switch { 'n' => second.Line, '+' => number + second.Line, 'm' => second.Line <= 0 ? number : (number + second.Line - 1) / second.Line * second.Line, _ => -1 };
        command.IsOpen = fromZero ? !fits(second) : second.Kind == '$' ? !isAtLast : command.End < 0 || command.End > number;
        command.IsClosed = !command.IsOpen;
        return true;
    }
}
