//! The way back: numbers from a device to the host.

use burn::tensor::{Tensor, Transaction};

use super::EngineError;

/// The values of `tensors`, row-major, in one read.
pub(super) async fn read<const D: usize>(tensors: Vec<Tensor<D>>) -> Result<Vec<Vec<f64>>, EngineError> {
    let transaction = tensors.into_iter().fold(Transaction::default(), Transaction::register);
    let data = transaction.execute_async().await.map_err(|error| EngineError::Device(error.to_string()))?;
    Ok(data.iter().map(|values| values.iter::<f64>().collect()).collect())
}

/// As [`read`], for one tensor.
pub(super) async fn read_one<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f64>, EngineError> {
    Ok(read(vec![tensor]).await?.swap_remove(0))
}

/// Rounds to the 32 bits in which the page and the files hold a number.
pub(super) fn single(values: &[f64]) -> Vec<f32> {
    values.iter().map(|&value| value as f32).collect()
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, TensorData};

    use super::*;

    #[test]
    fn numbers_come_back_as_they_went_up() {
        let up = Tensor::<2>::from_data(TensorData::from([[1.5f32, -2.0], [0.25, 3.0]]), &Device::flex());
        assert_eq!(pollster::block_on(read_one(up)).unwrap(), [1.5, -2.0, 0.25, 3.0]);
    }
}
