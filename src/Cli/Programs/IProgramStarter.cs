namespace Blackwall.Cli.Programs;

/// <summary>Puts another program of the product in the place of this one.</summary>
internal interface IProgramStarter
{
    /// <summary>Does not return when it works: the process is the other program then, with its signals and its exit code.</summary>
    /// <param name="program">Name of the program: blackwall-appliance.</param>
    /// <param name="arguments">What it is started with, without its own name.</param>
    /// <exception cref="CliException">It is not there, or cannot be started.</exception>
    int Become(string program, IReadOnlyList<string> arguments);
}
