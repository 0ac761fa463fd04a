//! What the standard library brings along otherwise, smaller: it weighs ten kilobytes more before the first line of the model.

use rlsf::SmallGlobalTlsf;

#[global_allocator]
static ALLOCATOR: SmallGlobalTlsf = SmallGlobalTlsf::new();

/// Nobody reads what a panic says: JavaScript sees a trap either way.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
