using System.Net;
using System.Text;
using Blackwall.Tarpit.Improvisation;
using Blackwall.Tarpit.Sessions;
using Blackwall.Tarpit.Visiting;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Tests.Improvisation;

/// <summary>A visitor's shell without a network, with or without a model.</summary>
internal sealed class VisitorShell(IImprovisationSource? model, ImprovisationLimits? limits = null, TimeProvider? time = null)
{
    private static readonly ImprovisationLimits s_patient = new(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5), int.MaxValue);
    private static readonly Machine s_machine = new(new byte[32], DateTimeOffset.UnixEpoch.AddYears(50), TimeProvider.System);

    private readonly Visitors _visitors = new(s_machine, new TarpitSettings { DelayScale = 0 }, improviser: new Improviser(model, limits ?? s_patient, time ?? TimeProvider.System));

    /// <summary>A program of the machine that the shell does not know.</summary>
    public const string Unknown = "pinky";

    public MemoryRecorder Records { get; } = new();

    /// <summary>Runs a command line as root; the exit code, and what it printed.</summary>
    /// <param name="visitor">Last part of the visitor's address.</param>
    public async Task<(int Code, string Output, string Errors)> RunAsync(string command, byte visitor = 1)
    {
        IHost host = _visitors.LogIn(new IPEndPoint(new IPAddress([192, 0, 2, visitor]), 1), new IPEndPoint(IPAddress.Loopback, 22), "root");
        using MemoryIo io = new();
        ExitStatus status = await host.ExecuteAsync(command, io, Records.BeginSession(), Xunit.TestContext.Current.CancellationToken);
        return (status.Code, Encoding.UTF8.GetString(io.Output.ToArray()), Encoding.UTF8.GetString(io.Errors.ToArray()));
    }
}
