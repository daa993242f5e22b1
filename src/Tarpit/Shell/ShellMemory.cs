using System.Globalization;

namespace Blackwall.Tarpit.Shell;

/// <summary>What a shell holds of what its peer gave it.</summary>
internal static class ShellMemory
{
    // What a value needs beside its characters.
    private const int ValueOverhead = 32;

    /// <summary>Called before a shell keeps so many characters more.</summary>
    /// <exception cref="ShellErrorException">The session has no memory for them: the shell ends.</exception>
    public static void Reserve(ShellState state, long characters)
    {
        state.Budget.Memory.Hold(state);
        if (!state.Budget.Memory.TryGrow((characters + ValueOverhead) * sizeof(char)))
        {
            throw new ShellErrorException(string.Create(CultureInfo.InvariantCulture, $"xrealloc: cannot allocate {characters + ValueOverhead} bytes"), exits: 2);
        }
    }

    /// <summary>Bytes of its variables, functions, aliases, traps, history and arguments that were not seen before.</summary>
    public static long Of(ShellState state, HashSet<object> seen) =>
        state.Variables.Everything.Sum(variable => variable.BytesHeld(seen))
        + state.Functions.Values.Where(seen.Add).Sum(function => (long)function.Source.Length * ShellState.BytesPerParsedCharacter)
        + state.Aliases.Values.Concat(state.Traps.All.Values).Sum(text => SessionMemory.SizeOf(text, seen))
        + (seen.Add(state.History) ? state.History.Sum(line => SessionMemory.SizeOf(line, seen)) : 0)
        + state.Calls.Select(call => call.Arguments).Append(state.Arguments).Where(seen.Add).Sum(arguments => arguments.Sum(argument => sizeof(long) + SessionMemory.SizeOf(argument, seen)));
}
