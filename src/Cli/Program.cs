namespace Blackwall.Cli;

/// <summary>"blackwall": one command line for all that the product does.</summary>
internal static class Program
{
    public static Task<int> Main(string[] arguments) => CommandTree.RunAsync(arguments, Shell.OfProcess(), CancellationToken.None);
}
