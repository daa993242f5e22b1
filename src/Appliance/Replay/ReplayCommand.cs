using System.Collections;
using System.Globalization;
using System.Text;
using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Kernel;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Replay;

/// <summary>The verb "replay": a capture file through the appliance.</summary>
internal static class ReplayCommand
{
    /// <summary>The file is damaged (EX_DATAERR); everything before the damage was replayed.</summary>
    public const int Damaged = 65;

    /// <summary>The file cannot be opened (EX_NOINPUT).</summary>
    public const int NoFile = 66;

    /// <summary>The output cannot be written, or the file not be read on (EX_IOERR).</summary>
    public const int NoOutput = 74;

    public const string Usage = "usage: blackwall-appliance replay FILE [--json] [--packets] [--local PREFIX]... [--config FILE] [--set SECTION.KEY=VALUE]...";

    private const int OutputBuffer = 1 << 16;

    /// <summary>Runs to the end and returns the exit code.</summary>
    /// <param name="arguments">What follows the verb.</param>
    /// <param name="environment">Variables of the process.</param>
    /// <param name="output">What the capture gives: the same bytes for the same capture.</param>
    /// <param name="errors">Everything else.</param>
    public static int Run(IReadOnlyList<string> arguments, IDictionary environment, Stream output, TextWriter errors)
    {
        if (ReplayLine.TryParse(arguments, out string? misunderstood) is not { } line)
        {
            return Refuse(errors, Startup.BadUsage, [misunderstood!, Usage]);
        }

        if (ApplianceConfig.TryLoad(line.Configuration, environment, FeatureList.Sections(FeatureList.All), out IReadOnlyList<string> wrong) is not { } config)
        {
            return Refuse(errors, Startup.BadConfig, wrong);
        }

        int code = 0;

        // A thread of its own, because the wall keeps it on one CPU.
        Thread thread = new(() => code = Guarded(line, config, output, errors)) { Name = "replay" };
        thread.Start();
        thread.Join();
        return code;
    }

    private static int Guarded(ReplayLine line, ApplianceConfig config, Stream output, TextWriter errors)
    {
        FileStream capture;
        try
        {
            // The replay has a buffer of its own.
            capture = new FileStream(line.File, new FileStreamOptions { Options = FileOptions.SequentialScan, BufferSize = 0 });
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return Refuse(errors, NoFile, [$"{line.File} cannot be read: {failure.Message}"]);
        }

        using (capture)
        {
            try
            {
                return Replay(line, config, capture, output, errors);
            }
            catch (KernelException failure)
            {
                return Refuse(errors, Startup.NoWall, [failure.Message]);
            }
            catch (IOException failure)
            {
                return Refuse(errors, NoOutput, [failure.Message]);
            }
        }
    }

    private static int Replay(ReplayLine line, ApplianceConfig config, FileStream capture, Stream output, TextWriter errors)
    {
        using BufferedStream buffered = new(output, OutputBuffer);
        using StreamWriter text = new(buffered, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), OutputBuffer, leaveOpen: true);
        using JsonReport json = new(buffered, line.Packets);
        using CaptureReplay replay = new(Setup(config, line.Local), line.Json ? json : new TextReport(text, line.Packets));
        replay.Run(capture);
        text.Flush();
        buffered.Flush();
        return replay.Fault is { } fault
            ? Refuse(errors, Damaged, [string.Create(CultureInfo.InvariantCulture, $"{line.File} is damaged at byte {fault.Offset}: {fault.Sentence}. The packets before it were replayed.")])
            : 0;
    }

    private static ReplaySetup Setup(ApplianceConfig config, IReadOnlyList<Prefix> local)
    {
        WallSettings wall = WallSettingsFactory.Create(config.Get<NetworkOptions>(), config.Get<KernelOptions>(), Path.GetTempPath());
        return new ReplaySetup
        {
            // Whatever the appliance is set to: a replay shows what enforcing would do.
            Wall = wall with { Mode = EnforcementMode.Enforce, Target4 = Address.None, TargetPort4 = 0, Target6 = Address.None, TargetPort6 = 0 },
            Plan = ReplayPlan.From(FeatureList.All, config),
            Board = config.Get<BoardOptions>(),
            Local = local,
        };
    }

    private static int Refuse(TextWriter errors, int code, IEnumerable<string> sentences)
    {
        foreach (string sentence in sentences)
        {
            errors.WriteLine(sentence);
        }

        return code;
    }
}
