using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Interop;

/// <summary>
/// A seccomp filter for a process that serves sockets that it was given: what the runtime needs to read, write, wait and use memory is allowed by
/// name; everything else answers "not permitted". It makes no sockets, connects nowhere, starts nothing, traces nothing. x86-64 alone.
/// </summary>
internal static unsafe class SystemCallFilter
{
    private const uint ThisArchitecture = 0xC000003E; // AUDIT_ARCH_X86_64
    private const uint Allow = 0x7FFF0000;
    private const uint KillProcess = 0x80000000;
    private const uint NotPermitted = 0x00050000 | 1;  // SECCOMP_RET_ERRNO, EPERM
    private const uint NotThere = 0x00050000 | 38;     // ENOSYS: the C library falls back to clone
    private const ushort LoadWord = 0x20;              // BPF_LD | BPF_W | BPF_ABS
    private const ushort JumpEqual = 0x15;             // BPF_JMP | BPF_JEQ | BPF_K
    private const ushort JumpAtLeast = 0x35;           // BPF_JMP | BPF_JGE | BPF_K
    private const ushort JumpIfSet = 0x45;             // BPF_JMP | BPF_JSET | BPF_K
    private const ushort Answer = 0x06;                // BPF_RET | BPF_K
    private const uint NumberOffset = 0;
    private const uint ArchitectureOffset = 4;
    private const uint FirstArgumentOffset = 16;
    private const uint SecondArgumentOffset = 24;
    private const uint NewThread = 0x00010000;
    private const uint ForeignTable = 0x40000000;      // x32
    private const int SeccompCall = 317;
    private const int SetFilter = 1;
    private const int AllThreads = 1;

    private const uint Clone = 56;
    private const uint Prctl = 157;
    private const uint Ioctl = 16;
    private const uint Clone3 = 435;

    // Number in the table of x86-64. Files can be opened: what there is of them is the business of the mount namespace.
    private static readonly uint[] Allowed =
    [
        0, 1, 3, 5, 8,          // read write close fstat lseek
        7, 9, 10, 11, 12,       // poll mmap mprotect munmap brk
        13, 14, 15,             // rt_sigaction rt_sigprocmask rt_sigreturn
        17, 18, 19, 20,         // pread64 pwrite64 readv writev
        21, 24, 25, 27, 28,     // access sched_yield mremap mincore madvise
        32, 33, 35, 39,         // dup dup2 nanosleep getpid
        43, 44, 45, 46, 47, 48, // accept sendto recvfrom sendmsg recvmsg shutdown
        51, 52, 54, 55,         // getsockname getpeername setsockopt getsockopt
        60, 63, 72, 73, 74, 75, // exit uname fcntl flock fsync fdatasync
        76, 77, 79, 82, 83, 84, 87, 89, // truncate ftruncate getcwd rename mkdir rmdir unlink readlink
        96, 97, 98, 99,         // gettimeofday getrlimit getrusage sysinfo
        102, 104, 107, 108,     // getuid getgid geteuid getegid
        110, 131, 149, 150,     // getppid sigaltstack mlock munlock
        158, 186, 201, 202,     // arch_prctl gettid time futex
        203, 204, 217, 218,     // sched_setaffinity sched_getaffinity getdents64 set_tid_address
        219, 228, 229, 230, 231, 232, 233, 234, // restart_syscall clock_gettime clock_getres clock_nanosleep exit_group epoll_wait epoll_ctl tgkill
        237, 239, 257, 262,     // mbind get_mempolicy openat newfstatat
        258, 263, 264, 267, 269, // mkdirat unlinkat renameat readlinkat faccessat
        271, 273, 281, 285, 288, 290, 291, 292, 293, // ppoll set_robust_list epoll_pwait fallocate accept4 eventfd2 epoll_create1 dup3 pipe2
        302, 309, 318, 324, 332, 334, 439, // prlimit64 getcpu getrandom membarrier statx rseq faccessat2
    ];

    // What a descriptor may be asked: how much is there, do not block, is it a terminal.
    private static readonly uint[] AllowedRequests = [0x541B, 0x5421, 0x5401, 0x5413, 0x5450, 0x5451];

    // Names of threads, and of memory.
    private static readonly uint[] AllowedOptions = [15, 16, 0x53564D41, 3];

    /// <summary>Null: it is in force for all threads of this process. Else why it is not.</summary>
    internal static string? Install()
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return "the system call filter knows x86-64 alone";
        }

        Instruction[] program = Build();
        fixed (Instruction* first = program)
        {
            FilterProgram filter = new() { Length = (ushort)program.Length, Instructions = first };
            return ProcessCalls.syscall(SeccompCall, SetFilter, AllThreads, (nint)(&filter), 0, 0) == 0 ? null : Errno.Name(Marshal.GetLastPInvokeError());
        }
    }

    private static Instruction[] Build()
    {
        List<Instruction> program =
        [
            new(LoadWord, 0, 0, ArchitectureOffset),
            new(JumpEqual, 1, 0, ThisArchitecture),
            new(Answer, 0, 0, KillProcess),
            new(LoadWord, 0, 0, NumberOffset),
            new(JumpAtLeast, 0, 1, ForeignTable),
            new(Answer, 0, 0, NotPermitted),
        ];
        foreach (uint number in Allowed)
        {
            program.Add(new(JumpEqual, 0, 1, number));
            program.Add(new(Answer, 0, 0, Allow));
        }

        program.AddRange(
        [
            new(JumpEqual, 0, 1, Clone3),
            new(Answer, 0, 0, NotThere),

            // A thread, never a process.
            new(JumpEqual, 0, 4, Clone),
            new(LoadWord, 0, 0, FirstArgumentOffset),
            new(JumpIfSet, 0, 1, NewThread),
            new(Answer, 0, 0, Allow),
            new(Answer, 0, 0, NotPermitted),
        ]);
        AddArgumentList(program, Prctl, FirstArgumentOffset, AllowedOptions);
        AddArgumentList(program, Ioctl, SecondArgumentOffset, AllowedRequests);
        program.Add(new(Answer, 0, 0, NotPermitted));
        return [.. program];
    }

    private static void AddArgumentList(List<Instruction> program, uint number, uint offset, uint[] values)
    {
        program.Add(new(JumpEqual, 0, (byte)(2 + (values.Length * 2)), number));
        program.Add(new(LoadWord, 0, 0, offset));
        foreach (uint value in values)
        {
            program.Add(new(JumpEqual, 0, 1, value));
            program.Add(new(Answer, 0, 0, Allow));
        }

        program.Add(new(Answer, 0, 0, NotPermitted));
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Value);

    [StructLayout(LayoutKind.Sequential)]
    private struct FilterProgram
    {
        public ushort Length;
        public Instruction* Instructions;
    }
}
