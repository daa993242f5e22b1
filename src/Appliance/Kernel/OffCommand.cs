using Blackwall.Kernel.Interop;
using Blackwall.Kernel.Loading;

namespace Blackwall.Kernel;

/// <summary>Takes down a wall that stands without a process: what a killed or upgraded appliance left on an interface.</summary>
internal static class OffCommand
{
    public const string Usage = "usage: blackwall-appliance off INTERFACE [--pin-path FOLDER]";

    // The appliance shows that it lives five times a second.
    private const ulong SilenceNanoseconds = 5_000_000_000;

    private const int Done = 0, BadUsage = 64, Unavailable = 69, NotPermitted = 77;

    /// <returns>Exit code: 0 nothing of Blackwall is on the interface any more; 64 not understood; 69 a process guards it, or it is not there; 77 not root.</returns>
    public static int Run(string[] arguments, TextWriter output, TextWriter errors)
    {
        string pinPath = new NetworkOptions().PinPath;
        if (arguments is [string name, .. string[] rest] && !name.StartsWith('-') && rest is [] or ["--pin-path", _])
        {
            pinPath = rest is [_, string path] ? path : pinPath;
        }
        else
        {
            bool help = arguments is ["--help" or "-h"];
            (help ? output : errors).WriteLine(Usage);
            return help ? Done : BadUsage;
        }

        if (!BpfSyscall.IsRoot())
        {
            errors.WriteLine("Taking a wall down needs root.");
            return NotPermitted;
        }

        try
        {
            return TakeDown(arguments[0], pinPath, output);
        }
        catch (KernelException refused)
        {
            errors.WriteLine(refused.Message);
            return Unavailable;
        }
    }

    private static int TakeDown(string name, string pinPath, TextWriter output)
    {
        int ifindex = (int)BpfSyscall.InterfaceIndex(name);
        (bool present, bool alive) = ifindex == 0 ? default : StrayLinks.Look(ifindex, BpfSyscall.BootNanoseconds(), SilenceNanoseconds);
        using PinFolder pins = new(pinPath, name);
        // Who has the lock of a folder with links in it knows that their process is gone.
        if (alive && !pins.HasLinks)
        {
            throw new KernelException($"A running Blackwall guards {name}, with its pins in another folder than {pinPath}; stop it first, or name that folder with --pin-path.");
        }

        bool elsewhere = present && !pins.HasLinks;
        bool stood = pins.HasLinks || present;
        pins.RemoveAll();
        if (ifindex == 0 && !stood)
        {
            throw new KernelException($"There is no interface {name}; 'ip link' shows those that are there.");
        }

        if (ifindex != 0)
        {
            // libbpf would print that there was nothing to detach.
            _ = LibbpfLog.Collect(() => KernelLink.DetachTc(ifindex));
            StrayLinks.Detach(ifindex);
        }

        output.WriteLine(stood ? $"The wall on {name} is down; nothing of Blackwall is on it any more." : $"Nothing of Blackwall was on {name}.");
        if (elsewhere)
        {
            output.WriteLine("Its pins lie in another folder; name it with --pin-path to remove them too.");
        }

        return Done;
    }
}
